# The Xapian engine. The shim is a library of its own, so that the C compiler links the main one.
