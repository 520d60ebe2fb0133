# Rules of the house: who includes whom, what the library exports.
dist_check_SCRIPTS += %reldir%/test_layers.sh %reldir%/test_symbols.sh
EXTRA_DIST += %reldir%/layers.py
TESTS += %reldir%/test_layers.sh %reldir%/test_symbols.sh
