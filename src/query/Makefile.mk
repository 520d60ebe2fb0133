libnscore_la_SOURCES += %reldir%/exec.h %reldir%/hits.h
