"""The catalogue as a sheet, in our own form: what is written here is read back to the same by `catalog.imports`."""
