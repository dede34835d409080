"""Reading and writing files: atomic writes, text files, tables, the TOML layout."""
