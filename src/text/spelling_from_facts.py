#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make src/text/spelling_table.h from a list of American/British pairs.

usage: spelling_from_facts.py us_uk_spelling.tsv words.tsv > spelling_table.h

us_uk_spelling.tsv: american<TAB>british a line, with a header line.
words.tsv: word<TAB>count a line, of lower-case words met in news; a pair is kept when
both of its sides together were met often enough to matter.

A pair is left out where the British form is also an American word of its own (a storey is no
story, but a cheque would make every check one), a name, or differs by case only.
"""
import sys

# British forms that are words or names of their own, or whose American form is.
APART = set("""
acre arse bark barque cheque cheques chequed chequer chequers chequering chequing chequebook chequebooks
draught draughts draughty kerb kerbs kerbed kerbing storey storeys tyre tyred tyring
metre metres metred litre poe worsen practise pretence font fount plough biscuit gaol gaoler
ton tonne tonnes curb enquire tsar czar pyjama whisky whiskey wagon mum mom arsed ladybird
lama llama manoeuvre's spectre spectres disc discs disk disks inure enure gauge gage mould moult
cosy gipsy nought premise premised premises premiss premisses borne bourne moor more moored
sabre sabres saber axe axes ax forego foregone fore aesthete boro borough analyses
cree crees prev caesar doura prise prised prises louvre groyne aeros areic bren danae fred renest bourg
manilla moellon nigre notre oecus portae poudre preact preformant saki sempre siloed telae terrae matt
matts kanae hydrolysate fourche lupins castor mums inflexion
""".split())
# Pairs worth having whatever the list says.
SURE = """
defence defense;defences defenses;offence offense;offences offenses;licence license;licences licenses
licenced licensed;pretence pretense;practise practice;practised practiced;practising practicing
practises practices;travelled traveled;travelling traveling;traveller traveler;travellers travelers
cancelled canceled;cancelling canceling;labelled labeled;labelling labeling;modelled modeled
modelling modeling;fuelled fueled;fuelling fueling;signalled signaled;signalling signaling
levelled leveled;levelling leveling;counsellor counselor;counsellors counselors;jewellery jewelry
programme program;programmes programs;metre meter;metres meters;litre liter;litres liters
kilometre kilometer;kilometres kilometers;centre center;centres centers;centred centered
theatre theater;theatres theaters;fibre fiber;fibres fibers;sabre saber;sabres sabers
aluminium aluminum;tyre tire;tyres tires;plough plow;ploughed plowed;ploughing plowing
sceptic skeptic;sceptics skeptics;sceptical skeptical;scepticism skepticism;grey gray;greys grays
judgement judgment;judgements judgments;ageing aging;acknowledgement acknowledgment
enrol enroll;enrols enrolls;enrolment enrollment;fulfil fulfill;fulfils fulfills;fulfilment fulfillment
instalment installment;instalments installments;skilful skillful;skilfully skillfully;wilful willful
wilfully willfully;mould mold;moulds molds;moulded molded;pyjamas pajamas;sulphur sulfur
catalogue catalog;catalogues catalogs;dialog dialogue;dialogs dialogues;analyse analyze
analysed analyzed;analysing analyzing;analyser analyzer;paralyse paralyze;paralysed paralyzed
aeroplane airplane;aeroplanes airplanes;moustache mustache;cosy cozy
sizeable sizable;likeable likable
manoeuvre maneuver;manoeuvres maneuvers;manoeuvred maneuvered;manoeuvring maneuvering
spectre specter;sombre somber;lustre luster;ochre ocher;calibre caliber;meagre meager
whilst while;amongst among;towards toward;learnt learned;burnt burned;spelt spelled
tsar czar;tsars czars;gaol jail;gaoled jailed;gaols jails;waggon wagon
kidnaped kidnapped;kidnaping kidnapping;kidnaper kidnapper;worshipped worshiped
focussed focused;focussing focusing;benefitted benefited;benefitting benefiting;adviser advisor
advisers advisors;employe employee;employes employees;protestor protester;protestors protesters
enquiry inquiry;enquiries inquiries;enquire inquire;enquired inquired;enquiring inquiring
qaida qaeda;koran quran;moslem muslim;moslems muslims;kiev kyiv;hizbollah hezbollah;hizbullah hezbollah
hezbullah hezbollah;odessa odesa;kharkov kharkiv;lvov lviv;zelenskyy zelensky;zelenskiy zelensky
gadhafi gaddafi;qaddafi gaddafi;khadafy gaddafi;kadafi gaddafi;qadhafi gaddafi;usama osama;councillor councilor
timoshenko tymoshenko;lukashenka lukashenko;mohammad mohammed;muhammad mohammed;mohamed mohammed
okay ok
mln million;mlns millions;bln billion;blns billions;bn billion;mn million;tn trillion;trn trillion
pct percent;dlr dollar;dlrs dollars;shr share;shrs shares;cts cents;govt government;qtr quarter;qtrs quarters
qtly quarterly;mths months;yr year;yrs years;intl international;dept department;stg sterling
""".replace("\n", ";").split(";")


def main():
    pairs, american_words = [], set()
    counts = {}
    for line in open(sys.argv[2], encoding="utf-8"):
        word, count = line.rstrip("\n").split("\t")
        counts[word] = counts.get(word, 0) + int(count)
    for line in list(open(sys.argv[1], encoding="utf-8"))[1:]:
        parts = [p.split("#")[0].strip() for p in line.rstrip("\n").split("\t")]
        if len(parts) == 2:
            pairs.append(parts)
            american_words.add(parts[0])
    table = {}
    for american, british in pairs:
        if not (american.isascii() and american.isalpha() and american.islower() and british.isascii()
                and british.isalpha() and british.islower()):
            continue
        if british in APART or british in american_words or min(len(american), len(british)) < 4:
            continue
        if british == american or counts.get(american, 0) + counts.get(british, 0) < 8:
            continue
        table[british] = american
    for pair in SURE:
        if pair.split():
            british, american = pair.split()
            if "-" not in american and british != american:
                table[british] = american
    for british in list(table):  # no chains: the uniform form is nobody's variant
        seen = {british}
        while table[british] in table and table[british] not in seen:
            seen.add(table[british])
            table[british] = table[table[british]]
    table = {b: a for b, a in table.items() if a not in table}
    longest = max(max(len(b), len(a)) for b, a in table.items()) + 1
    print("/* SPDX-License-Identifier: GPL-2.0-or-later\n *\n"
          " * spelling_table.h - spellings and the uniform form of each, sorted; made by spelling_from_facts.py from a\n"
          " * public list of American and British spellings. Included by variants.c only.\n */")
    print("enum { SPELLING_MAX = %d };" % longest)
    print("static const struct spelling { char from[SPELLING_MAX], to[SPELLING_MAX]; } spellings[] = {")
    line = "   "
    for british in sorted(table):
        item = ' {"%s", "%s"},' % (british, table[british])
        if len(line) + len(item) > 108:
            print(line)
            line = "   "
        line += item
    print(line)
    print("};")


main()
