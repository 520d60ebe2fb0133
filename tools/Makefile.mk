# Programs. They use nsearch.h only; nsearch-inspect and nsearch-export link the inner library to show what is in
# an index.
bin_PROGRAMS += %reldir%/nsearch %reldir%/nsearch-index %reldir%/nsearch-inspect %reldir%/nsearch-rebuild \
	%reldir%/nsearch-export

tool_sources = \
	%reldir%/tool_options.c %reldir%/tool_options.h \
	%reldir%/tool_print.c %reldir%/tool_print.h \
	%reldir%/tool_json.c %reldir%/tool_json.h
tool_run_sources = %reldir%/tool_run.c %reldir%/tool_run.h %reldir%/tool_repair.c %reldir%/tool_repair.h
tool_libs = libnsearch.la $(JANSSON_LIBS) $(UTF8PROC_LIBS) $(MATH_LIBS)

%canon_reldir%_nsearch_SOURCES = $(tool_sources) \
	%reldir%/nsearch.c %reldir%/search_print.c %reldir%/search_print.h \
	%reldir%/facet_print.c %reldir%/facet_print.h \
	%reldir%/timeline_print.c %reldir%/timeline_print.h
# A search takes less time than the loading of libraries that only read articles: what it needs is linked in.
%canon_reldir%_nsearch_LDADD = libnscore.la $(JANSSON_LIBS) $(UTF8PROC_LIBS) $(MATH_LIBS)
%canon_reldir%_nsearch_LDFLAGS = $(AM_LDFLAGS) -Wl,--as-needed -pie

%canon_reldir%_nsearch_index_SOURCES = $(tool_sources) $(tool_run_sources) \
	%reldir%/nsearch_index.c %reldir%/index.h %reldir%/index_cluster.c
%canon_reldir%_nsearch_index_LDADD = $(tool_libs)
%canon_reldir%_nsearch_index_LDFLAGS = $(AM_LDFLAGS) -pie

%canon_reldir%_nsearch_rebuild_SOURCES = $(tool_sources) $(tool_run_sources) %reldir%/nsearch_rebuild.c
%canon_reldir%_nsearch_rebuild_LDADD = $(tool_libs)
%canon_reldir%_nsearch_rebuild_LDFLAGS = $(AM_LDFLAGS) -pie

%canon_reldir%_nsearch_inspect_SOURCES = $(tool_sources) \
	%reldir%/nsearch_inspect.c %reldir%/inspect.h %reldir%/inspect_show.c %reldir%/inspect_terms.c \
	%reldir%/inspect_postings.c %reldir%/inspect_article.c %reldir%/inspect_read.c %reldir%/inspect_groups.c %reldir%/inspect_copies.c %reldir%/inspect_verify.c \
	%reldir%/inspect_cluster.c %reldir%/inspect_open.c
%canon_reldir%_nsearch_inspect_LDADD = libnscore.la $(JANSSON_LIBS) $(UTF8PROC_LIBS) $(MATH_LIBS)
%canon_reldir%_nsearch_inspect_LDFLAGS = $(AM_LDFLAGS) -pie

%canon_reldir%_nsearch_export_SOURCES = $(tool_sources) \
	%reldir%/nsearch_export.c %reldir%/export.h %reldir%/export_document.c %reldir%/export_mapping.c \
	%reldir%/inspect.h %reldir%/inspect_article.c %reldir%/inspect_open.c %reldir%/inspect_show.c
%canon_reldir%_nsearch_export_LDADD = libnscore.la $(JANSSON_LIBS) $(UTF8PROC_LIBS) $(MATH_LIBS)
%canon_reldir%_nsearch_export_LDFLAGS = $(AM_LDFLAGS) -Wl,--as-needed -pie

# --- setup from a clone
EXTRA_DIST += %reldir%/setup/dependencies %reldir%/setup/install .ci/run

# --- a schedule: systemd service and timer, or cron
dist_doc_DATA += %reldir%/schedule/index.conf.example %reldir%/schedule/nsearch.cron.example
EXTRA_DIST += %reldir%/schedule/nsearch-index.service.in %reldir%/schedule/nsearch-index.timer \
	%reldir%/schedule/nsearch.sysusers
if WITH_SYSTEMD
unitdir = $(systemdsystemunitdir)
sysusersdir = $(prefix)/lib/sysusers.d
nodist_unit_DATA = %reldir%/schedule/nsearch-index.service
dist_unit_DATA = %reldir%/schedule/nsearch-index.timer
endif
CLEANFILES += %reldir%/schedule/nsearch-index.service

%reldir%/schedule/nsearch-index.service: %reldir%/schedule/nsearch-index.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(SED) -e 's|@bindir[@]|$(bindir)|g' -e 's|@sysconfdir[@]|$(sysconfdir)|g' \
		$(srcdir)/%reldir%/schedule/nsearch-index.service.in > $@.tmp && mv $@.tmp $@

# --- servers of shards, and their replicas
shard_units = %reldir%/shards/nsearch-shard@.service %reldir%/shards/nsearch-shard-writer@.service \
	%reldir%/shards/nsearch-replicate-server.service %reldir%/shards/nsearch-replicate@.service
dist_doc_DATA += %reldir%/shards/cluster.ini.example %reldir%/shards/shard.conf.example
EXTRA_DIST += %reldir%/shards/nsearch-shard@.service.in %reldir%/shards/nsearch-shard-writer@.service.in \
	%reldir%/shards/nsearch-replicate-server.service.in %reldir%/shards/nsearch-replicate@.service.in
if WITH_SYSTEMD
if WITH_XAPIAN
nodist_unit_DATA += $(shard_units)
endif
endif
CLEANFILES += $(shard_units)

%reldir%/shards/nsearch-shard@.service: %reldir%/shards/nsearch-shard@.service.in
%reldir%/shards/nsearch-shard-writer@.service: %reldir%/shards/nsearch-shard-writer@.service.in
%reldir%/shards/nsearch-replicate-server.service: %reldir%/shards/nsearch-replicate-server.service.in
%reldir%/shards/nsearch-replicate@.service: %reldir%/shards/nsearch-replicate@.service.in
$(shard_units): Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(SED) -e 's|@sysconfdir[@]|$(sysconfdir)|g' $(srcdir)/$@.in > $@.tmp && mv $@.tmp $@

# Installed under the name that systemd-sysusers wants.
if WITH_SYSTEMD
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(sysusersdir)'
	$(INSTALL_DATA) $(srcdir)/%reldir%/schedule/nsearch.sysusers '$(DESTDIR)$(sysusersdir)/nsearch.conf'
uninstall-local:
	rm -f '$(DESTDIR)$(sysusersdir)/nsearch.conf'
endif
