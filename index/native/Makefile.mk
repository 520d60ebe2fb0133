# The native engine.
