"""The console's pages, by desk."""
