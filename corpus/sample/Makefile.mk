# The sample corpus.
