"""The application: settings, wiring, endpoints, background work, command line."""
