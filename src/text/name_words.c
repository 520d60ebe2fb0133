/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * name_words.c - short hand-made lists by kind, and two long ones. Asked once a distinct word.
 */
#include "src/text/name_words.h"

#include <stdlib.h>
#include <string.h>

#include "src/text/word_lists.h"

enum { WORD = sizeof common_words[0] };

/* Short names keep the table readable. */
enum {
    TITLE = NS_NAME_TITLE, HONORIFIC = NS_NAME_HONORIFIC, ORG = NS_NAME_ORG, LEGAL = NS_NAME_LEGAL,
    PLACE = NS_NAME_PLACE, PARTICLE = NS_NAME_PARTICLE, CALENDAR = NS_NAME_CALENDAR, FAMILY_FIRST = NS_NAME_FAMILY_FIRST,
    SUFFIX = NS_NAME_SUFFIX, WHERE = NS_NAME_WHERE, OTHER = NS_NAME_OTHER
};

/* Words by what they say, sorted. */
static const struct hint { char word[WORD]; uint16_t kinds; } hints[] = {
    {"ab", LEGAL}, {"abu", PARTICLE}, {"academy", ORG}, {"accord", OTHER}, {"act", OTHER}, {"acting", OTHER},
    {"actor", TITLE}, {"actress", TITLE}, {"adm", TITLE | HONORIFIC}, {"administration", ORG},
    {"admiral", TITLE}, {"adviser", TITLE}, {"advisor", TITLE}, {"af", PARTICLE}, {"ag", LEGAL},
    {"agency", ORG}, {"agi", OTHER}, {"agreement", OTHER}, {"agriculture", OTHER}, {"ai", OTHER},
    {"aide", TITLE}, {"aids", OTHER}, {"airfield", PLACE}, {"airlines", ORG}, {"airport", PLACE},
    {"airways", ORG}, {"al", PARTICLE}, {"alliance", ORG}, {"am", CALENDAR}, {"ambassador", TITLE},
    {"amendment", OTHER}, {"analyst", TITLE}, {"api", OTHER}, {"apis", OTHER}, {"apr", CALENDAR},
    {"april", CALENDAR}, {"arabic", OTHER}, {"archbishop", TITLE}, {"army", ORG}, {"article", OTHER},
    {"asa", LEGAL}, {"assembly", ORG}, {"assistant", OTHER}, {"associates", ORG}, {"association", ORG},
    {"athletic", ORG}, {"attorney", TITLE}, {"aug", CALENDAR}, {"august", CALENDAR}, {"author", TITLE},
    {"authority", ORG}, {"avenue", PLACE}, {"award", OTHER}, {"awards", OTHER},
    {"ayatollah", TITLE | HONORIFIC}, {"ban", FAMILY_FIRST}, {"bancorp", ORG}, {"bancshares", ORG},
    {"bank", ORG}, {"bao", FAMILY_FIRST}, {"baron", TITLE}, {"baroness", TITLE}, {"barrister", TITLE},
    {"battalion", ORG}, {"bay", PLACE}, {"beach", PLACE}, {"bhd", LEGAL}, {"bible", OTHER}, {"bill", OTHER},
    {"bin", PARTICLE}, {"bishop", TITLE}, {"bo", FAMILY_FIRST}, {"board", ORG}, {"bond", OTHER},
    {"bonds", OTHER}, {"boss", TITLE}, {"breweries", ORG}, {"brewery", ORG}, {"brewing", ORG},
    {"bridge", PLACE}, {"brigade", ORG}, {"brigadier", TITLE}, {"broadcasting", ORG}, {"broker", TITLE},
    {"brothers", ORG}, {"bst", CALENDAR}, {"buddhist", OTHER}, {"bureau", ORG}, {"bv", LEGAL},
    {"canal", PLACE}, {"candidate", TITLE}, {"cape", PLACE}, {"capital", ORG}, {"capt", TITLE | HONORIFIC},
    {"captain", TITLE}, {"cardinal", TITLE}, {"catholic", OTHER}, {"catholics", OTHER},
    {"caucus", ORG | OTHER}, {"cd", OTHER}, {"center", ORG}, {"central", OTHER}, {"ceo", OTHER},
    {"ceos", OTHER}, {"cet", CALENDAR}, {"cfo", OTHER}, {"chairman", TITLE}, {"chairmen", TITLE},
    {"chairperson", TITLE}, {"chairwoman", TITLE}, {"championship", OTHER}, {"championships", OTHER},
    {"chancellor", TITLE}, {"chancellors", TITLE}, {"channel", PLACE}, {"chapter", OTHER},
    {"chea", FAMILY_FIRST}, {"chemical", ORG}, {"chemicals", ORG}, {"chen", FAMILY_FIRST}, {"chief", TITLE},
    {"cho", FAMILY_FIRST}, {"choe", FAMILY_FIRST}, {"choi", FAMILY_FIRST}, {"christian", OTHER},
    {"christianity", OTHER}, {"christians", OTHER}, {"christmas", CALENDAR}, {"chun", FAMILY_FIRST},
    {"chung", FAMILY_FIRST}, {"church", ORG}, {"city", PLACE}, {"club", ORG}, {"cmdr", TITLE | HONORIFIC},
    {"co", LEGAL}, {"coach", TITLE}, {"coalition", ORG}, {"coast", PLACE}, {"col", TITLE | HONORIFIC},
    {"college", ORG}, {"colonel", TITLE}, {"commander", TITLE}, {"commission", ORG}, {"commissioner", TITLE},
    {"committee", ORG}, {"communications", ORG}, {"communist", OTHER}, {"communists", OTHER},
    {"company", ORG}, {"comptroller", TITLE}, {"computer", ORG}, {"computers", ORG},
    {"comrade", TITLE | HONORIFIC}, {"conference", ORG}, {"congress", ORG}, {"congressman", TITLE},
    {"congressmen", TITLE}, {"congresswoman", TITLE}, {"congresswomen", TITLE}, {"consortium", ORG},
    {"constable", TITLE}, {"constabulary", ORG}, {"cooperative", ORG}, {"coronavirus", OTHER},
    {"corp", LEGAL}, {"corporal", TITLE}, {"corporation", ORG}, {"corps", ORG}, {"correspondent", TITLE},
    {"council", ORG}, {"councilor", TITLE}, {"county", PLACE}, {"court", ORG}, {"covid", OTHER},
    {"cpi", OTHER}, {"cpl", TITLE | HONORIFIC}, {"creek", PLACE}, {"cup", OTHER}, {"da", PARTICLE},
    {"dame", TITLE | HONORIFIC}, {"das", PARTICLE}, {"day", OTHER}, {"de", PARTICLE}, {"dealer", TITLE},
    {"dec", CALENDAR}, {"december", CALENDAR}, {"defender", TITLE}, {"defense", OTHER}, {"del", PARTICLE},
    {"delegate", TITLE}, {"della", PARTICLE}, {"democrat", TITLE}, {"den", PARTICLE}, {"deng", FAMILY_FIRST},
    {"department", ORG}, {"deputy", TITLE}, {"der", PARTICLE}, {"des", PARTICLE}, {"desert", PLACE},
    {"detective", TITLE}, {"di", PARTICLE}, {"director", TITLE}, {"district", PLACE}, {"dna", OTHER},
    {"doctor", TITLE}, {"dollar", OTHER}, {"dos", PARTICLE}, {"dr", TITLE | HONORIFIC}, {"driver", TITLE},
    {"du", PARTICLE}, {"duchess", TITLE}, {"duke", TITLE}, {"dvd", OTHER}, {"earl", TITLE}, {"east", OTHER},
    {"easter", CALENDAR}, {"eastern", OTHER}, {"economist", TITLE}, {"economy", OTHER}, {"editor", TITLE},
    {"edt", CALENDAR}, {"education", OTHER}, {"el", PARTICLE}, {"election", OTHER}, {"elections", OTHER},
    {"electronics", ORG}, {"emir", TITLE}, {"emperor", TITLE}, {"empress", TITLE}, {"energy", ORG},
    {"english", OTHER}, {"enterprises", ORG}, {"entertainment", ORG}, {"environment", OTHER},
    {"envoy", TITLE}, {"esq", SUFFIX}, {"est", CALENDAR}, {"euro", OTHER}, {"every", OTHER},
    {"exchange", ORG}, {"executive", TITLE}, {"falls", PLACE}, {"father", TITLE}, {"fc", ORG},
    {"feb", CALENDAR}, {"february", CALENDAR}, {"federal", OTHER}, {"federation", ORG}, {"festival", OTHER},
    {"finance", OTHER}, {"first", OTHER}, {"foods", ORG}, {"force", ORG}, {"forces", ORG}, {"foreign", OTHER},
    {"former", OTHER}, {"fort", PLACE}, {"forum", ORG}, {"foundation", ORG}, {"founder", TITLE},
    {"french", OTHER}, {"fri", CALENDAR}, {"friday", CALENDAR}, {"front", ORG}, {"fullback", TITLE},
    {"fund", ORG}, {"game", OTHER}, {"games", OTHER}, {"gao", FAMILY_FIRST}, {"gas", ORG}, {"gazette", ORG},
    {"gdp", OTHER}, {"gen", TITLE | HONORIFIC}, {"general", TITLE}, {"german", OTHER}, {"gmbh", LEGAL},
    {"gmt", CALENDAR}, {"gnp", OTHER}, {"goalkeeper", TITLE}, {"god", OTHER}, {"golfer", TITLE},
    {"gov", TITLE | HONORIFIC}, {"governor", TITLE}, {"governors", TITLE}, {"govs", TITLE | HONORIFIC},
    {"group", ORG}, {"guard", ORG}, {"guards", ORG}, {"gulf", PLACE}, {"guo", FAMILY_FIRST},
    {"han", FAMILY_FIRST}, {"harbor", PLACE}, {"he", FAMILY_FIRST}, {"head", TITLE}, {"health", OTHER},
    {"heights", PLACE}, {"herald", ORG}, {"herr", TITLE | HONORIFIC}, {"hills", PLACE}, {"hindu", OTHER},
    {"hindus", OTHER}, {"historian", TITLE}, {"hiv", OTHER}, {"ho", FAMILY_FIRST},
    {"hojatoleslam", TITLE | HONORIFIC}, {"holding", ORG}, {"holdings", ORG}, {"hong", FAMILY_FIRST},
    {"hooker", TITLE}, {"hospital", ORG}, {"hu", FAMILY_FIRST}, {"hua", FAMILY_FIRST},
    {"huang", FAMILY_FIRST}, {"hun", FAMILY_FIRST}, {"hwang", FAMILY_FIRST}, {"i", OTHER}, {"ibn", PARTICLE},
    {"ii", SUFFIX}, {"iii", SUFFIX}, {"imam", TITLE}, {"in", WHERE}, {"inc", LEGAL}, {"industries", ORG},
    {"initiative", OTHER}, {"inspector", TITLE}, {"institute", ORG}, {"institution", ORG}, {"insurance", ORG},
    {"interim", OTHER}, {"interior", OTHER}, {"international", ORG}, {"internet", OTHER}, {"ipo", OTHER},
    {"ipos", OTHER}, {"islam", OTHER}, {"islamic", OTHER}, {"island", PLACE}, {"islands", PLACE},
    {"iv", SUFFIX}, {"ix", SUFFIX}, {"jan", CALENDAR}, {"jang", FAMILY_FIRST}, {"january", CALENDAR},
    {"jew", OTHER}, {"jewish", OTHER}, {"jews", OTHER}, {"jiang", FAMILY_FIRST}, {"jo", FAMILY_FIRST},
    {"journal", ORG}, {"journalist", TITLE}, {"jr", SUFFIX}, {"judge", TITLE}, {"jul", CALENDAR},
    {"july", CALENDAR}, {"jun", CALENDAR}, {"june", CALENDAR}, {"jung", FAMILY_FIRST}, {"justice", TITLE},
    {"kang", FAMILY_FIRST}, {"kgaa", LEGAL}, {"kim", FAMILY_FIRST}, {"king", TITLE}, {"kk", LEGAL},
    {"koran", OTHER}, {"la", PARTICLE}, {"labor", OTHER}, {"laboratories", ORG}, {"lady", TITLE | HONORIFIC},
    {"lake", PLACE}, {"last", OTHER}, {"latin", OTHER}, {"lawmaker", TITLE}, {"lawyer", TITLE},
    {"le", PARTICLE}, {"leader", TITLE}, {"league", ORG}, {"lee", FAMILY_FIRST}, {"legislator", TITLE},
    {"li", FAMILY_FIRST}, {"liang", FAMILY_FIRST}, {"lieutenant", TITLE}, {"lin", FAMILY_FIRST},
    {"liu", FAMILY_FIRST}, {"llc", LEGAL}, {"llm", OTHER}, {"llms", OTHER}, {"llp", LEGAL}, {"lock", TITLE},
    {"lord", TITLE | HONORIFIC | OTHER}, {"lower", OTHER}, {"lp", LEGAL}, {"lt", TITLE | HONORIFIC},
    {"ltd", LEGAL}, {"luo", FAMILY_FIRST}, {"ma", FAMILY_FIRST}, {"madam", TITLE | HONORIFIC},
    {"madame", TITLE | HONORIFIC}, {"magistrate", TITLE}, {"maj", TITLE | HONORIFIC}, {"major", TITLE},
    {"majority", OTHER}, {"manager", TITLE}, {"many", OTHER}, {"mao", FAMILY_FIRST}, {"mar", CALENDAR},
    {"march", CALENDAR}, {"marshal", TITLE}, {"marxist", OTHER}, {"may", CALENDAR}, {"mayor", TITLE},
    {"messrs", TITLE | HONORIFIC}, {"midfielder", TITLE}, {"mines", ORG}, {"mining", ORG},
    {"minister", TITLE}, {"ministers", TITLE}, {"ministry", ORG}, {"minority", OTHER},
    {"miss", TITLE | HONORIFIC}, {"mlle", TITLE | HONORIFIC}, {"mme", TITLE | HONORIFIC}, {"mon", CALENDAR},
    {"monday", CALENDAR}, {"monsieur", TITLE | HONORIFIC}, {"month", OTHER}, {"moon", FAMILY_FIRST},
    {"motor", ORG}, {"motors", ORG}, {"mount", PLACE}, {"mountain", PLACE}, {"mountains", PLACE},
    {"movement", ORG}, {"mp", TITLE}, {"mr", TITLE | HONORIFIC}, {"mrs", TITLE | HONORIFIC},
    {"ms", TITLE | HONORIFIC}, {"mullah", TITLE}, {"museum", ORG}, {"muslim", OTHER}, {"muslims", OTHER},
    {"national", OTHER}, {"navy", ORG}, {"nazi", OTHER}, {"nazis", OTHER}, {"ne", FAMILY_FIRST},
    {"near", WHERE}, {"network", ORG}, {"new", OTHER}, {"news", ORG}, {"newspaper", ORG}, {"next", OTHER},
    {"nguyen", FAMILY_FIRST}, {"north", OTHER}, {"northern", OTHER}, {"nov", CALENDAR}, {"novelist", TITLE},
    {"november", CALENDAR}, {"nv", LEGAL}, {"ocean", PLACE}, {"oct", CALENDAR}, {"october", CALENDAR},
    {"office", ORG}, {"officer", TITLE}, {"official", TITLE}, {"oil", ORG}, {"ok", OTHER}, {"old", OTHER},
    {"olympic", OTHER}, {"olympics", OTHER}, {"orchestra", ORG}, {"organization", ORG}, {"ould", PARTICLE},
    {"outside", WHERE}, {"owner", TITLE}, {"oy", LEGAL}, {"pak", FAMILY_FIRST},
    {"park", PLACE | FAMILY_FIRST}, {"parliament", ORG}, {"partners", ORG}, {"party", ORG},
    {"patriarch", TITLE}, {"pc", OTHER}, {"peng", FAMILY_FIRST}, {"peninsula", PLACE}, {"petroleum", ORG},
    {"pham", FAMILY_FIRST}, {"pharmaceuticals", ORG}, {"phd", SUFFIX}, {"photographer", TITLE},
    {"pictures", ORG}, {"plan", OTHER}, {"playmaker", TITLE}, {"plc", LEGAL}, {"pm", CALENDAR},
    {"police", ORG}, {"pope", TITLE}, {"port", PLACE}, {"post", ORG}, {"pound", OTHER}, {"premier", TITLE},
    {"presenter", TITLE}, {"president", TITLE}, {"presidents", TITLE}, {"press", ORG}, {"prime", OTHER},
    {"prince", TITLE}, {"princess", TITLE}, {"private", TITLE}, {"prize", OTHER}, {"products", ORG},
    {"prof", TITLE | HONORIFIC}, {"professor", TITLE}, {"professors", TITLE}, {"program", OTHER},
    {"programs", OTHER}, {"project", OTHER}, {"prop", TITLE}, {"prosecutor", TITLE}, {"protestant", OTHER},
    {"protestants", OTHER}, {"protocol", OTHER}, {"province", PLACE}, {"pst", CALENDAR}, {"pty", LEGAL},
    {"pvt", TITLE | HONORIFIC}, {"qian", FAMILY_FIRST}, {"queen", TITLE}, {"quran", OTHER}, {"rabbi", TITLE},
    {"radio", ORG}, {"railroad", ORG}, {"railway", ORG}, {"railways", ORG}, {"ramadan", CALENDAR},
    {"rangers", ORG}, {"records", ORG}, {"region", PLACE}, {"rep", TITLE | HONORIFIC}, {"reporter", TITLE},
    {"representative", TITLE}, {"representatives", TITLE}, {"reps", TITLE | HONORIFIC}, {"republican", TITLE},
    {"researcher", TITLE}, {"resolution", OTHER}, {"resources", ORG}, {"rev", TITLE | HONORIFIC},
    {"reverend", TITLE}, {"revolution", OTHER}, {"ri", FAMILY_FIRST}, {"rider", TITLE}, {"river", PLACE},
    {"road", PLACE}, {"roh", FAMILY_FIRST}, {"rovers", ORG}, {"ryu", FAMILY_FIRST}, {"sa", LEGAL},
    {"sars", OTHER}, {"sat", CALENDAR}, {"saturday", CALENDAR}, {"savings", ORG}, {"school", ORG},
    {"scientist", TITLE}, {"se", LEGAL}, {"sea", PLACE}, {"second", OTHER}, {"secretary", TITLE},
    {"section", OTHER}, {"securities", ORG}, {"security", OTHER}, {"sen", TITLE | HONORIFIC}, {"senate", ORG},
    {"senator", TITLE}, {"senators", TITLE}, {"sens", TITLE | HONORIFIC}, {"sep", CALENDAR},
    {"sept", CALENDAR}, {"september", CALENDAR}, {"sergeant", TITLE}, {"series", OTHER}, {"service", ORG},
    {"services", ORG}, {"several", OTHER}, {"sgt", TITLE | HONORIFIC}, {"sheik", TITLE | HONORIFIC},
    {"sheikh", TITLE | HONORIFIC}, {"sheriff", TITLE}, {"shia", OTHER}, {"shiite", OTHER}, {"shiites", OTHER},
    {"shin", FAMILY_FIRST}, {"singer", TITLE}, {"sir", TITLE | HONORIFIC}, {"skipper", TITLE},
    {"socialist", OTHER}, {"society", ORG}, {"software", ORG}, {"solicitor", TITLE}, {"song", FAMILY_FIRST},
    {"sons", ORG}, {"south", OTHER}, {"southern", OTHER}, {"spa", LEGAL}, {"spanish", OTHER},
    {"speaker", TITLE}, {"spokesman", TITLE}, {"spokesperson", TITLE}, {"spokeswoman", TITLE},
    {"springs", PLACE}, {"sprinter", TITLE}, {"square", PLACE}, {"sr", SUFFIX}, {"srl", LEGAL},
    {"stadium", PLACE}, {"star", TITLE}, {"state", OTHER}, {"steel", ORG}, {"sterling", OTHER},
    {"stores", ORG}, {"strait", PLACE}, {"straits", PLACE}, {"strategist", TITLE}, {"street", PLACE},
    {"striker", TITLE}, {"studios", ORG}, {"sultan", TITLE}, {"sun", CALENDAR | FAMILY_FIRST},
    {"sunday", CALENDAR}, {"sunni", OTHER}, {"sunnis", OTHER}, {"superintendent", TITLE},
    {"supt", TITLE | HONORIFIC}, {"syndicate", ORG}, {"systems", ORG}, {"tang", FAMILY_FIRST},
    {"taskforce", ORG}, {"teammate", TITLE}, {"technologies", ORG}, {"technology", ORG}, {"telecom", ORG},
    {"telephone", ORG}, {"television", ORG}, {"ten", PARTICLE}, {"ter", PARTICLE}, {"territory", PLACE},
    {"thanksgiving", CALENDAR}, {"third", OTHER}, {"throughout", WHERE}, {"thu", CALENDAR},
    {"thur", CALENDAR}, {"thurs", CALENDAR}, {"thursday", CALENDAR}, {"times", ORG}, {"title", OTHER},
    {"tour", OTHER}, {"town", PLACE}, {"trader", TITLE}, {"tran", FAMILY_FIRST}, {"treasurer", TITLE},
    {"treasury", OTHER}, {"treaty", OTHER}, {"tribunal", ORG}, {"tribune", ORG}, {"trophy", OTHER},
    {"trust", ORG}, {"tue", CALENDAR}, {"tues", CALENDAR}, {"tuesday", CALENDAR}, {"tv", OTHER},
    {"union", ORG}, {"united", ORG}, {"university", ORG}, {"upper", OTHER}, {"utc", CALENDAR},
    {"valley", PLACE}, {"van", PARTICLE}, {"vi", SUFFIX}, {"vice", OTHER}, {"vii", SUFFIX}, {"viii", SUFFIX},
    {"village", PLACE}, {"vo", FAMILY_FIRST}, {"von", PARTICLE}, {"vs", OTHER}, {"wanderers", ORG},
    {"wang", FAMILY_FIRST}, {"war", OTHER}, {"warden", TITLE}, {"web", OTHER}, {"wed", CALENDAR},
    {"wednesday", CALENDAR}, {"week", OTHER}, {"wen", FAMILY_FIRST}, {"west", OTHER}, {"western", OTHER},
    {"winger", TITLE}, {"works", ORG}, {"wu", FAMILY_FIRST}, {"xi", FAMILY_FIRST | SUFFIX}, {"xii", SUFFIX},
    {"xu", FAMILY_FIRST}, {"xvi", SUFFIX}, {"xxiii", SUFFIX}, {"yang", FAMILY_FIRST}, {"year", OTHER},
    {"yen", OTHER}, {"yoon", FAMILY_FIRST}, {"yu", FAMILY_FIRST}, {"yun", FAMILY_FIRST},
    {"zeng", FAMILY_FIRST}, {"zhang", FAMILY_FIRST}, {"zhao", FAMILY_FIRST}, {"zheng", FAMILY_FIRST},
    {"zhou", FAMILY_FIRST}, {"zhu", FAMILY_FIRST}, {"zu", PARTICLE},
};

static int compare(const void *key, const void *item)
{
    return strcmp(key, item);
}

static int in_list(const char *word, const char (*list)[WORD], size_t count)
{
    return bsearch(word, list, count, sizeof *list, compare) != NULL;
}

unsigned ns_name_word(const char *folded, size_t length)
{
    char key[WORD];
    if (length >= WORD)
        return 0;
    memcpy(key, folded, length);
    key[length] = '\0';
    const struct hint *hint = bsearch(key, hints, sizeof hints / sizeof *hints, sizeof *hints, compare);
    unsigned kinds = hint ? hint->kinds : 0;
    if (in_list(key, common_words, sizeof common_words / sizeof *common_words))
        kinds |= NS_NAME_COMMON;
    if (in_list(key, first_names, sizeof first_names / sizeof *first_names))
        kinds |= NS_NAME_FIRST;
    return kinds;
}
