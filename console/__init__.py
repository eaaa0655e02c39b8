"""The merchandiser's and staff's side: pages at /console over the same verbs as the admin API."""
