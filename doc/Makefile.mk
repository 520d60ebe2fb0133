# Documents and manual pages.
