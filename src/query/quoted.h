/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * quoted.h - the quotations of a shown article that the query asked for, with their speakers.
 */
#ifndef NS_QUERY_QUOTED_H
#define NS_QUERY_QUOTED_H

#include "src/nsearch.h"
#include "src/query/build.h"
#include "src/text/stored.h"

/* Fills in the hit's quotations; none where the plan asks for none.. */
nsearch_status ns_quoted_show(const ns_build_context *context, const ns_built *built, uint32_t article,
                              const ns_stored *stored, nsearch_hit *hit, nsearch_error *err);

#endif
