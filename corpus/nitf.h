/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nitf.h - an article's fields out of an <nitf> element, which NewsML carries inside as well.
 */
#ifndef NS_CORPUS_NITF_H
#define NS_CORPUS_NITF_H

#include "corpus/xml_stream.h"

/* Fields that are filled already are kept. */
void ns_nitf_fill(const xmlNode *nitf, ns_record *record);

#endif
