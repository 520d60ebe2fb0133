#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make src/text/gazetteer.tsv from lists of facts and the additions below.

usage: gazetteer_from_facts.py FOLDER > gazetteer.tsv

FOLDER holds countries.tsv (names, official names, demonyms, capitals), leaders.tsv (CIA World Factbook: chiefs
of state and heads of government) and cities1000.tsv.xz (GeoNames, CC BY 4.0). What the lists do not know -
organisations, leaders of other years, regions, how newspapers shorten a name - stands here. The
result is meant to be read and edited by hand.
"""
import csv
import lzma
import os
import re
import sys
import unicodedata

HEAD = """# Names that the analysis knows: canonical<TAB>type<TAB>alias|alias|...<TAB>country
#
# type is person, place, org or other. Any of the forms, the canonical one included, stands for the canonical
# name; the longest form wins. Case, accents, hyphens and possessives do not matter in a query; in an
# article a name must begin with a capital, and a form that is all capitals (WHO) must be so written.
#   =form  also in a query only as written: it is an ordinary word otherwise (=Turkey, =WHO)
#   ~form  names the people, language or manner of a place (~Russian)
# The last field, which may be missing, is the country that a place lies in.
# A user's own file has the same form; what it says of a form goes before what is said here.
#
# Sources: mledoze/countries (names, demonyms, capitals), CIA World Factbook (leaders in office, acronyms of
# organisations), GeoNames (cities by population, CC BY 4.0), Reuters-21578 lists (organisations and
# people of 1987); general knowledge for the rest.
"""

# Forms that are ordinary words, first names or otherwise too common to be found in lower case.
ORDINARY = set("""turkey chad jordan polish who it aids ap pa may march bush rice brown major ford reading nice
mobile bath split tours nancy orange phoenix buffalo cork male hull poole dover lens san santa union liberty independence victoria
hamilton sale surprise mission normal hope eden carter clinton clark powers act acts cat can fed arm gap itv pin ice care
map mps sec dow unit bis oas natal poles amnesty commons solidarity mod eta ban wagner bronx queens devon kent
""".split())

ALIASES = {
    "United States": "US|U.S.|USA|U.S.A.|United States of America|America|~American|~Americans",
    "United Kingdom": "UK|U.K.|Britain|Great Britain|United Kingdom of Great Britain and Northern Ireland|~British|~Britons|~Briton",
    "North Korea": "N. Korea|N Korea|DPRK|Democratic People's Republic of Korea|D.P.R.K.|NKorea|~North Korean|~North Koreans",
    "South Korea": "S. Korea|S Korea|ROK|R.O.K.|Republic of Korea|SKorea|~South Korean|~South Koreans",
    "Russia": "Russian Federation|~Russian|~Russians",
    "China": "People's Republic of China|PRC|P.R.C.|Communist China|Mainland China|~Chinese",
    "Taiwan": "Republic of China|Chinese Taipei|~Taiwanese",
    "Soviet Union": "USSR|U.S.S.R.|Union of Soviet Socialist Republics|~Soviet|~Soviets",
    "West Germany": "Federal Republic of Germany|FRG|~West German|~West Germans",
    "East Germany": "German Democratic Republic|GDR-x|~East German|~East Germans",
    "Germany": "~German|~Germans",
    "France": "French Republic|~French|~Frenchman|~Frenchmen",
    "Netherlands": "The Netherlands|Holland|~Dutch",
    "United Arab Emirates": "UAE|U.A.E.|Emirates|~Emirati|~Emiratis",
    "Saudi Arabia": "Kingdom of Saudi Arabia|~Saudi|~Saudis|~Saudi Arabian",
    "Iran": "Islamic Republic of Iran|~Iranian|~Iranians|Persia",
    "Democratic Republic of the Congo": "DR Congo|DRC|D.R. Congo|Congo-Kinshasa|Zaire|Democratic Republic of Congo|~Congolese",
    "Republic of the Congo": "Congo-Brazzaville|Congo Republic",
    "Ivory Coast": "Côte d'Ivoire|Cote d'Ivoire|~Ivorian|~Ivorians",
    "Czech Republic": "Czechia|~Czech|~Czechs",
    "Czechoslovakia": "~Czechoslovak",
    "Yugoslavia": "~Yugoslav|~Yugoslavs|~Yugoslavian",
    "Myanmar": "Burma|Republic of the Union of Myanmar|~Burmese",
    "Turkey": "Türkiye|Turkiye|Republic of Turkey|~Turkish|~Turks",
    "Palestine": "State of Palestine|Palestinian territories|Palestinian Territories|~Palestinian|~Palestinians",
    "Vatican City": "Vatican|Holy See",
    "Syria": "Syrian Arab Republic|~Syrian|~Syrians",
    "Vietnam": "Viet Nam|Socialist Republic of Vietnam|~Vietnamese",
    "Eswatini": "Swaziland|~Swazi",
    "Cape Verde": "Cabo Verde|~Cape Verdean",
    "East Timor": "Timor-Leste|Timor Leste|~East Timorese|~Timorese",
    "Bosnia and Herzegovina": "Bosnia|Bosnia-Herzegovina|Bosnia-Hercegovina|~Bosnian|~Bosnians",
    "Macedonia": "North Macedonia|Former Yugoslav Republic of Macedonia|FYROM|~Macedonian|~Macedonians",
    "Philippines": "Republic of the Philippines|The Philippines|~Filipino|~Filipinos|~Philippine",
    "Spain": "Kingdom of Spain|~Spanish|~Spaniard|~Spaniards",
    "Kazakhstan": "~Kazakh|~Kazakhs|~Kazakhstani",
    "Uzbekistan": "~Uzbek|~Uzbeks",
    "Tajikistan": "~Tajik|~Tajiks",
    "Kyrgyzstan": "Kyrgyz Republic|Kirghizia|~Kyrgyz",
    "Argentina": "Argentine Republic|~Argentine|~Argentinian|~Argentines|~Argentinean",
    "Denmark": "~Danish|~Dane|~Danes", "Sweden": "~Swedish|~Swede|~Swedes", "Finland": "~Finnish|~Finn|~Finns",
    "Poland": "Republic of Poland|~Polish|~Poles", "Ireland": "Irish Republic|Republic of Ireland|Eire|~Irish|~Irishman",
    "Switzerland": "Swiss Confederation|~Swiss", "New Zealand": "~New Zealander|~New Zealanders|~Kiwi|~Kiwis",
    "Greece": "Hellenic Republic|~Greek|~Greeks", "Thailand": "Kingdom of Thailand|~Thai|~Thais",
    "Israel": "State of Israel|~Israeli|~Israelis", "Pakistan": "Islamic Republic of Pakistan|~Pakistani|~Pakistanis",
    "Iraq": "Republic of Iraq|~Iraqi|~Iraqis", "Afghanistan": "Islamic Republic of Afghanistan|~Afghan|~Afghans|~Afghani",
    "Slovenia": "~Slovene|~Slovenian|~Slovenes", "Iceland": "~Icelandic|~Icelander|~Icelanders",
    "Bangladesh": "~Bangladeshi|~Bangladeshis", "Luxembourg": "Luxemburg|~Luxembourger",
    "Scotland": "~Scottish|~Scot|~Scots", "England": "~English|~Englishman|~Englishmen",
    "Wales": "~Welsh|~Welshman", "Northern Ireland": "Ulster|~Northern Irish",
    "Monaco": "~Monegasque", "Lesotho": "~Basotho", "Botswana": "~Botswanan|~Batswana", "Georgia": "~Georgian|~Georgians",
    "Cambodia": "Kampuchea|~Cambodian|~Cambodians|~Khmer", "Sri Lanka": "Ceylon|~Sri Lankan|~Sri Lankans|~Sinhalese",
    "Norway": "~Norwegian|~Norwegians", "Hong Kong": "~Hongkong|~Hong Konger|~Hong Kongers|HK", "Belarus": "Byelorussia|~Belarusian|~Belarusians|~Belarussian",
    "Ukraine": "~Ukrainian|~Ukrainians|The Ukraine", "Cyprus": "~Cypriot|~Cypriots", "Malta": "~Maltese",
    "Japan": "~Japanese", "Portugal": "~Portuguese", "Madagascar": "~Malagasy", "Belgium": "~Belgian|~Belgians",
    "Serbia": "~Serbian|~Serbians|~Serb|~Serbs", "Croatia": "~Croatian|~Croatians|~Croat|~Croats", "Slovakia": "Slovak Republic|~Slovak|~Slovaks|~Slovakian",
    "Somalia": "~Somali|~Somalis|~Somalian", "Kosovo": "~Kosovar|~Kosovars|~Kosovan", "Libya": "State of Libya|~Libyan|~Libyans|Libyan Arab Jamahiriya",
    "Micronesia": "Federated States of Micronesia|~Micronesian", "Saint Lucia": "St. Lucia|St Lucia", "Saint Kitts and Nevis": "St. Kitts and Nevis|St Kitts",
    "Saint Vincent and the Grenadines": "St. Vincent and the Grenadines", "Papua New Guinea": "PNG|~Papua New Guinean", "Gambia": "The Gambia|~Gambian",
    "Bahamas": "The Bahamas|~Bahamian", "Guatemala": "~Guatemalan|~Guatemalans", "Peru": "~Peruvian|~Peruvians", "Laos": "~Laotian|~Lao|~Laotians",
}
DROP_NAMES = {"South Georgia", "British Indian Ocean Territory", "United States Minor Outlying Islands", "Caribbean Netherlands", "Heard Island and McDonald Islands",
              "Bouvet Island", "French Southern and Antarctic Lands", "Svalbard and Jan Mayen", "Saint Martin", "Congo", "DR Congo", "Türkiye", "Timor-Leste", "Cocos (Keeling) Islands",
              "Christmas Island", "Norfolk Island", "Wallis and Futuna", "Åland Islands", "Republic of the Congo", "Macau", "Czechia", "North Macedonia", "Curaçao", "Réunion"}
RENAMED = {"DR Congo": "Democratic Republic of the Congo", "Congo": "Republic of the Congo", "Republic of the Congo": "Republic of the Congo", "Türkiye": "Turkey",
           "Timor-Leste": "East Timor", "Czechia": "Czech Republic", "North Macedonia": "Macedonia", "Macau": "Macau"}

REGIONS = """Africa|~African|~Africans;Asia|~Asian|~Asians;Europe|~European|~Europeans;Latin America|~Latin American|~Latin Americans;
North America|~North American;South America|~South American;Central America|~Central American;Middle East|Mideast|~Middle Eastern;
Far East;Southeast Asia|South-East Asia|~Southeast Asian;East Asia|~East Asian;South Asia|~South Asian;Central Asia|~Central Asian;
Western Europe|~Western European;Eastern Europe|~Eastern European;Balkans|~Balkan;Caucasus;Caribbean;Scandinavia|~Scandinavian;
Persian Gulf|Arabian Gulf;Strait of Hormuz|Straits of Hormuz;Korean Peninsula;Horn of Africa;Sahel;Maghreb;Sub-Saharan Africa;West Africa|~West African;East Africa|~East African;
Southern Africa;North Africa|~North African;West Bank|Judea and Samaria;Gaza Strip|Gaza;East Jerusalem;Golan Heights;Sinai|Sinai Peninsula;
Crimea|~Crimean;Donbas|Donbass;Chechnya|~Chechen|~Chechens;Dagestan;Siberia|~Siberian;Kashmir|Jammu and Kashmir|~Kashmiri|~Kashmiris;Tibet|~Tibetan|~Tibetans;
Xinjiang|~Uyghur|~Uyghurs|~Uighur|~Uighurs;Inner Mongolia;Manchuria;Darfur;Kurdistan|~Kurdish|~Kurd|~Kurds;Nagorno-Karabakh;Abkhazia;South Ossetia;Transnistria;
Basque Country|~Basque;Catalonia|~Catalan|~Catalans;Bavaria|~Bavarian;Normandy;Brittany;Sicily|~Sicilian;Sardinia;Corsica|~Corsican;Tuscany;
Atlantic Ocean|Atlantic;Pacific Ocean|Pacific;Indian Ocean;Mediterranean Sea|Mediterranean;Black Sea;Baltic Sea|Baltic;North Sea;Red Sea;South China Sea;East China Sea;Caspian Sea;Arctic;Antarctica;
Amazon River;Mississippi River;Gulf of Mexico;Great Lakes;English Channel;Suez Canal;Panama Canal;Bay of Bengal;Sea of Japan;Yellow Sea;Gulf of Aden;
Downing Street|10 Downing Street;Capitol Hill|US Capitol|U.S. Capitol;Guantanamo Bay|Guantanamo;Chernobyl;Zaporizhzhia|Zaporizhia|Zaporozhye;Falkland Islands|Falklands;Gibraltar;Bermuda|~Bermudian;
Midlands|West Midlands;Yorkshire;Kent;Essex;Sussex;Lancashire;Cornwall;Devon;Cumbria;Merseyside;Northumberland;Staffordshire;Wiltshire;Hertfordshire;Oxfordshire;Cambridgeshire;Lincolnshire;Derbyshire;Leicestershire;Nottinghamshire;Gloucestershire;
New South Wales|NSW;Queensland;Tasmania;South Australia;Western Australia;Northern Territory;Ontario;Quebec;British Columbia;Alberta;Manitoba;Saskatchewan;Nova Scotia;New Brunswick;Newfoundland;Punjab;Gujarat;Kerala;Bihar;Uttar Pradesh;Maharashtra;Tamil Nadu;
New England;Midwest;Wall Street;Silicon Valley;Hollywood;Manhattan;Brooklyn;Bronx;Queens;Staten Island;Long Island;Fleet Street;Whitehall;Macau|Macao;Siberia;Euphrates|Euphrates River;Helmand|Helmand Province;Anbar|Anbar Province|Al Anbar;Fallujah;Tikrit;Ramallah;Hebron;Nablus;Jenin;Rafah;Khan Younis|Khan Yunis;Bucha;Mariupol;Bakhmut;Avdiivka;Kherson;Vladivostok;Khasan"""

# Regions of the list above (and nations of the United Kingdom) that lie in one country.
WITHIN = {
    "China": "Tibet;Xinjiang;Inner Mongolia;Manchuria",
    "Germany": "Bavaria", "Spain": "Basque Country;Catalonia", "France": "Normandy;Brittany;Corsica", "Italy": "Sicily;Sardinia;Tuscany",
    "Russia": "Chechnya;Dagestan;Siberia;Kaliningrad;Khasan", "Ukraine": "Crimea;Donbas;Chernobyl;Zaporizhzhia;Bucha;Bakhmut;Avdiivka",
    "United States": "Capitol Hill;New England;Midwest;Wall Street;Silicon Valley;Hollywood;Manhattan;Brooklyn;=Bronx;=Queens;Staten Island;Long Island;"
                     "Mississippi River",
    "United Kingdom": "England;Scotland;Wales;Northern Ireland;Downing Street;Fleet Street;Whitehall;Midlands;Yorkshire;=Kent;Essex;Sussex;Lancashire;"
                      "Cornwall;=Devon;Cumbria;Merseyside;Northumberland;Staffordshire;Wiltshire;Hertfordshire;Oxfordshire;Cambridgeshire;"
                      "Lincolnshire;Derbyshire;Leicestershire;Nottinghamshire;Gloucestershire",
    "Australia": "New South Wales;Queensland;Tasmania;South Australia;Western Australia;Northern Territory",
    "Canada": "Ontario;Quebec;British Columbia;Alberta;Manitoba;Saskatchewan;Nova Scotia;New Brunswick;Newfoundland",
    "India": "Gujarat;Kerala;Bihar;Uttar Pradesh;Maharashtra;Tamil Nadu", "Egypt": "Sinai;Suez Canal", "Panama": "Panama Canal",
    "Iraq": "Helmand;Anbar;Fallujah;Tikrit", "Israel": "Jerusalem;Golan Heights", "Brazil": "Amazon River", "Sudan": "Darfur",
}

STATES = """Alabama|Ala.;Alaska;Arizona|Ariz.;Arkansas|Ark.;California|Calif.|~Californian|~Californians;Colorado|Colo.;Connecticut|Conn.;Delaware;Florida|Fla.;
Hawaii|~Hawaiian;Idaho;Illinois;Indiana;Iowa|~Iowan|~Iowans;Kansas;Kentucky|Ky.;Louisiana;Maine;Maryland;Massachusetts;Michigan|Mich.;Minnesota|Minn.;Mississippi;
Missouri;Montana;Nebraska|Neb.|~Nebraskan|~Nebraskans;Nevada|Nev.;New Hampshire|N.H.;New Jersey|N.J.;New Mexico|N.M.;New York State|State of New York;North Carolina|N.C.;North Dakota|N.D.;Ohio;Oklahoma|Okla.;Oregon;
Pennsylvania;Rhode Island|R.I.;South Carolina|S.C.;South Dakota|S.D.;Tennessee|Tenn.;Texas|Tex.|~Texan|~Texans;Utah;Vermont|Vt.;Virginia|Va.;Washington State|State of Washington;West Virginia|W.Va.;Wisconsin|Wis.;Wyoming|Wyo."""

# Capitals and cities that the press calls otherwise, or that the population list does not reach.
CITIES = """Washington|Washington, D.C.|Washington DC|Washington D.C.|D.C.|District of Columbia;New York|New York City|NYC|N.Y.|~New Yorker|~New Yorkers;Los Angeles|L.A.;San Francisco;Chicago;Boston;Philadelphia;Houston;Dallas;Detroit;Atlanta;Miami;
Seattle;Denver;New Orleans;St. Louis|Saint Louis;Baltimore;Cleveland;Pittsburgh;Minneapolis;Cincinnati;Las Vegas;San Diego;Kansas City;Salt Lake City;Honolulu;Anchorage;Oakland;Milwaukee;Nashville;Memphis;Baton Rouge;Little Rock;Des Moines;
Kyiv|Kiev;Odesa|Odessa;Kharkiv|Kharkov;Lviv|Lvov;Moscow|~Muscovite;St. Petersburg|Saint Petersburg|St Petersburg|Leningrad;Beijing|Peking;Shanghai;Guangzhou|Canton;Tokyo;Osaka;Seoul;Busan|Pusan;Pyongyang;Hanoi;Ho Chi Minh City|Saigon;Mumbai|Bombay;Kolkata|Calcutta;Chennai|Madras;New Delhi|Delhi;Bengaluru|Bangalore;
Jerusalem;Tel Aviv;Tehran|Teheran;Baghdad;Damascus;Beirut;Cairo;Riyadh;Jeddah|Jiddah;Mecca;Medina;Doha;Dubai;Abu Dhabi;Muscat;Sanaa|Sana'a;Aden;Basra;Mosul;Kirkuk;Najaf;Aleppo;Homs;Raqqa;Kabul;Kandahar;Islamabad;Karachi;Lahore;Peshawar;Rawalpindi;
London|~Londoner|~Londoners;Edinburgh;Glasgow;Cardiff;Belfast;Manchester;Liverpool;Birmingham;Leeds;Sheffield;Newcastle|Newcastle upon Tyne;Bristol;Oxford;Cambridge;Brighton;Coventry;Leicester;Nottingham;Southampton;Portsmouth;Plymouth;Aberdeen;Dundee;Swansea;Dublin;
Paris|~Parisian;Lyon|Lyons;Marseille|Marseilles;Strasbourg;Toulouse;Bordeaux;Lille;Cannes;Berlin|~Berliner;Bonn;Frankfurt|Frankfurt am Main;Munich;Hamburg;Cologne;Stuttgart;Dusseldorf|Düsseldorf;Dresden;Leipzig;Vienna;Zurich|Zürich;Geneva;Basel|Basle;Davos;Berne|Bern;
Rome;Milan;Turin;Naples;Venice;Florence;Genoa;Madrid;Barcelona;Seville;Valencia;Bilbao;Lisbon;Athens;Brussels;Antwerp;Amsterdam;Rotterdam;The Hague;Copenhagen;Stockholm;Oslo;Helsinki;Reykjavik;Warsaw;Gdansk;Prague;Budapest;Bucharest;Sofia;Belgrade;Zagreb;Sarajevo;Pristina;Skopje;Tirana;Minsk;Vilnius;Riga;Tallinn;Chisinau;Istanbul;Ankara;Izmir;
Nairobi;Johannesburg;Cape Town;Pretoria;Durban;Harare;Lagos;Abuja;Khartoum;Addis Ababa;Mogadishu;Tripoli;Benghazi;Tunis;Algiers;Rabat;Casablanca;Kinshasa;Kigali;Kampala;Dakar;Accra;Luanda;Lusaka;Maputo;
Ottawa;Toronto;Montreal|Montréal;Vancouver;Calgary;Edmonton;Winnipeg;Mexico City;Havana;Caracas;Bogota|Bogotá;Lima;Quito;La Paz;Santiago;Buenos Aires;Montevideo;Brasilia|Brasília;Rio de Janeiro|Rio;Sao Paulo|São Paulo;San Salvador;Managua;Tegucigalpa;Port-au-Prince;San Juan;Panama City;
Sydney;Melbourne;Brisbane;Perth;Adelaide;Canberra;Darwin;Hobart;Auckland;Wellington;Christchurch;Jakarta;Manila;Bangkok;Kuala Lumpur;Singapore City;Phnom Penh;Vientiane;Yangon|Rangoon;Dhaka|Dacca;Colombo;Kathmandu;Ulan Bator|Ulaanbaatar;Tbilisi;Yerevan;Baku;Tashkent;Astana|Nur-Sultan;Almaty;Bishkek;Dushanbe;Ashgabat;Grozny;Kaliningrad;Sevastopol;Donetsk;Luhansk|Lugansk;Mykolaiv;Hiroshima;Nagasaki;Fukushima;Kobe;Kyoto;Taipei;Macao City;Wuhan;Tianjin;Shenzhen;Chongqing;Lhasa;Urumqi"""

ORGS = """United Nations|UN|U.N.|United Nations Organization;United Nations Security Council|UN Security Council|U.N. Security Council|Security Council|UNSC;United Nations General Assembly|UN General Assembly|U.N. General Assembly|General Assembly;
NATO|N.A.T.O.|North Atlantic Treaty Organization|North Atlantic Treaty Organisation|Atlantic Alliance;European Union|EU|E.U.;European Commission;European Parliament;European Council;European Central Bank|ECB;European Court of Justice|ECJ;European Court of Human Rights;
European Community|EC|European Communities|European Economic Community|EEC|Common Market;International Monetary Fund|IMF|I.M.F.;World Bank|International Bank for Reconstruction and Development|IBRD;World Health Organization|=WHO|World Health Organisation|W.H.O.;
World Trade Organization|WTO|World Trade Organisation;International Atomic Energy Agency|IAEA|International Atomic Energy Authority;UNESCO|United Nations Educational, Scientific and Cultural Organization;UNICEF|United Nations Children's Fund;
UNHCR|United Nations High Commissioner for Refugees|UN refugee agency|U.N. refugee agency;UNCTAD|United Nations Conference on Trade and Development;UNRWA;World Food Programme|WFP|World Food Program;Food and Agriculture Organization|FAO|Food and Agriculture Organisation;
International Labour Organization|ILO|International Labour Organisation;International Criminal Court|ICC;International Court of Justice|World Court;International Committee of the Red Cross|ICRC|Red Cross;Red Crescent;Interpol;Amnesty International|Amnesty;Human Rights Watch;Greenpeace;Oxfam;
Organization of the Petroleum Exporting Countries|OPEC|Organisation of Petroleum Exporting Countries|Organization of Petroleum Exporting Countries;Organization of Arab Petroleum Exporting Countries|OAPEC;OECD|Organisation for Economic Cooperation and Development|Organization for Economic Cooperation and Development|Organisation for Economic Co-operation and Development;
GATT|General Agreement on Tariffs and Trade;International Energy Agency|IEA;Bank for International Settlements|=BIS;European Free Trade Association|EFTA;European Investment Bank|EIB;European Bank for Reconstruction and Development|EBRD;Asian Development Bank|ADB;African Development Bank|AfDB;Inter-American Development Bank|IADB;
African Union|AU;Organisation of African Unity|OAU|Organization of African Unity;Arab League|League of Arab States;Gulf Cooperation Council|GCC|Gulf Co-operation Council;ASEAN|Association of Southeast Asian Nations|Association of South East Asian Nations;APEC|Asia-Pacific Economic Cooperation;OSCE|Organization for Security and Cooperation in Europe;
Organization of American States|=OAS;Mercosur|Mercosul;ECOWAS|Economic Community of West African States;Commonwealth of Independent States|CIS;Shanghai Cooperation Organisation|SCO|Shanghai Cooperation Organization;CSTO|Collective Security Treaty Organization;BRICS;Group of Seven|G7|G-7;Group of Eight|G8|G-8;Group of Twenty|G20|G-20;Group of Ten|G10|G-10;Group of Five|G-5;Group of Three|G-3;
COMECON|Council for Mutual Economic Assistance;International Tin Council|ITC;International Coffee Organization|ICO|International Coffee Organisation;International Cocoa Organization|ICCO|International Cocoa Organisation;International Sugar Organization|ISO|International Sugar Organisation;International Wheat Council|IWC;International Natural Rubber Organisation|INRO|International Natural Rubber Organization;
Central Intelligence Agency|CIA|C.I.A.;Federal Bureau of Investigation|FBI|F.B.I.;National Security Agency|NSA;NASA|National Aeronautics and Space Administration;Department of Defense|Pentagon|Defense Department|US Department of Defense|DoD;State Department|US State Department|U.S. State Department|Department of State;
Department of Justice|Justice Department|DOJ;Department of Homeland Security|Homeland Security Department|DHS;Department of the Treasury|US Treasury|U.S. Treasury|Treasury Department;Department of Agriculture|USDA|Agriculture Department|U.S. Department of Agriculture;Department of Energy|Energy Department;Department of Commerce|Commerce Department;Department of Labor|Labor Department|Labour Department;
Department of Education|Education Department;Department of Veterans Affairs|Veterans Affairs;Department of Transportation|Transportation Department;Department of the Interior|Interior Department;Environmental Protection Agency|EPA;Food and Drug Administration|FDA;Centers for Disease Control|CDC|Centers for Disease Control and Prevention;Securities and Exchange Commission|=SEC|S.E.C.;
Federal Communications Commission|FCC;Federal Trade Commission|FTC;Federal Aviation Administration|FAA;Federal Emergency Management Agency|FEMA;Federal Reserve|Federal Reserve Board|=Fed|Federal Reserve System;Internal Revenue Service|IRS;Commodity Credit Corporation|CCC;Commodity Futures Trading Commission|CFTC;National Transportation Safety Board|NTSB;Army Corps of Engineers|Corps of Engineers;Social Security Administration;
White House;Kremlin;Congress|US Congress|U.S. Congress;Senate|US Senate|U.S. Senate;House of Representatives|US House of Representatives|U.S. House of Representatives;Supreme Court|US Supreme Court|U.S. Supreme Court;House of Commons|Commons;House of Lords;Knesset;Bundestag;Duma|State Duma;Bundesbank|Deutsche Bundesbank;Bank of England;Bank of Japan|BoJ|BOJ;Bank of France|Banque de France;Foreign Office;Scotland Yard|Metropolitan Police;MI5;MI6;Mossad;KGB|K.G.B.;FSB;GRU;Home Office;National Health Service|NHS;Ministry of Defence|MoD;
Democratic Party|~Democrats|~Democrat;Republican Party|GOP|~Republicans|~Republican;Labour Party|Labor Party;Conservative Party|Tories|Tory Party;Liberal Democrats|Lib Dems|Liberal Democratic Party;Communist Party;Hamas;Hezbollah|Hizbollah|Hizbullah;Taliban|Taleban;al-Qaeda|al Qaeda|al-Qaida|Al Qaeda|Al-Qaeda|Al-Qaida;Islamic State|ISIS|ISIL|Daesh;Palestine Liberation Organization|PLO|Palestine Liberation Organisation;Fatah;Boko Haram;Al Shabaab|al-Shabaab;IRA|Irish Republican Army|Provisional IRA;Sinn Fein|Sinn Féin;ETA;Tamil Tigers|LTTE;FARC|Revolutionary Armed Forces of Colombia;PKK|Kurdistan Workers' Party;African National Congress|ANC;Solidarity;Muslim Brotherhood;Palestinian Authority;Wagner Group;Houthis|Houthi;
Agence France-Presse|AFP|Agence France Presse;Associated Press|=AP|The Associated Press;Reuters;United Press International|UPI;Korean Central News Agency|KCNA;Yonhap|Yonhap News Agency|Yonhap news agency;Xinhua|Xinhua News Agency|New China News Agency;Interfax;TASS|ITAR-TASS|Tass;RIA Novosti|Ria Novosti|RIA;Kyodo|Kyodo News;YTN;BBC|British Broadcasting Corporation|BBC News;CNN|Cable News Network;NBC;CBS;ABC|American Broadcasting Company|Australian Broadcasting Corporation;Fox News;Al Jazeera|Al-Jazeera;Bloomberg|Bloomberg News;New York Times|The New York Times|NYT;Washington Post|The Washington Post;Wall Street Journal|The Wall Street Journal|WSJ;Financial Times;The Guardian;The Times;Los Angeles Times;Le Monde;Der Spiegel;Pravda;Izvestia;TRT World|TRTWorld;Straits Times;
Dow Jones|Dow Jones & Co;Nasdaq|NASDAQ|National Association of Securities Dealers Automated Quotation System|National Association of Securities Dealers Automated Quotations;New York Stock Exchange|NYSE|Big Board;Chicago Board Options Exchange|CBOE|Chicago Board of Trade Options Exchange;Coffee, Sugar and Cocoa Exchange|CSCE|New York Coffee, Sugar and Cocoa Exchange|Coffee Sugar and Cocoa Exchange;
New York Cotton Exchange|NYCE;International Petroleum Exchange|IPE;Singapore International Monetary Exchange|SIMEX;Toronto Stock Exchange;Montreal Stock Exchange|Montreal Exchange;Amsterdam Stock Exchange|Amsterdam Bourse;Frankfurt Stock Exchange|Frankfurt Bourse;
Paris Stock Exchange|Paris Bourse;Brussels Stock Exchange|Brussels Bourse;Milan Stock Exchange|Milan Bourse;Oslo Stock Exchange|Oslo Bourse;Stockholm Stock Exchange|Stockholm Bourse;Copenhagen Stock Exchange|Copenhagen Bourse;Zurich Stock Exchange|Zurich Bourse;Madrid Stock Exchange|Madrid Bourse;
Australian Stock Exchange|ASX;Johannesburg Stock Exchange|JSE;Singapore Stock Exchange;Kuala Lumpur Stock Exchange|KLSE;Kuala Lumpur Commodity Exchange|KLCE;Winnipeg Commodity Exchange;Baltic International Freight Futures Exchange|BIFFEX;Association of Tin Producing Countries|ATPC;International Wool Secretariat|IWS;London Stock Exchange|LSE;American Stock Exchange|AMEX;Tokyo Stock Exchange|TSE;Chicago Board of Trade|CBOT|CBT;Chicago Mercantile Exchange|CME;London Metal Exchange|LME;New York Mercantile Exchange|NYMEX;COMEX|Commodity Exchange|New York Commodity Exchange;Hong Kong Stock Exchange|HKEX;LIFFE|London International Financial Futures Exchange;
Microsoft|Microsoft Corp|Microsoft Corporation;Apple Inc|Apple Computer;Google|Google Inc;Facebook|Meta Platforms;Amazon.com;Twitter;Intel|Intel Corp;IBM|International Business Machines;Oracle Corp;Yahoo|Yahoo!;eBay;Sony|Sony Corp;Toyota|Toyota Motor Corp;General Motors|GM|General Motors Corp;Ford Motor|Ford Motor Co;Chrysler|Chrysler Corp;General Electric|GE|General Electric Co;Boeing|Boeing Co;Airbus;Lockheed Martin|Lockheed;Exxon Mobil|ExxonMobil|Exxon|Exxon Corp;BP|British Petroleum;Royal Dutch Shell;Gazprom;Rosneft;Yukos;Lukoil;Halliburton;Enron;WorldCom;Citigroup|Citicorp|Citibank;Goldman Sachs;Morgan Stanley;JP Morgan|J.P. Morgan|JPMorgan|JPMorgan Chase|J.P. Morgan Chase;Merrill Lynch;Lehman Brothers;Deutsche Bank;Barclays;HSBC;UBS;Credit Suisse;Time Warner|TimeWarner;AOL|America Online;Walt Disney|Disney|Walt Disney Co;News Corp|News Corporation;Samsung|Samsung Electronics;Huawei;Nokia;Tesla;SpaceX;OpenAI;Nvidia;Wal-Mart|Walmart;Coca-Cola;PepsiCo;Nestle|Nestlé;Unilever;Pfizer;Siemens;Volkswagen|VW;Daimler|DaimlerChrysler;Honda;Nissan;Vodafone;Texaco|Texaco Inc;Pennzoil;Chevron|Chevron Corp;Mobil Corp;Amoco;Conoco;Aramco|Saudi Aramco;Pemex|Petroleos Mexicanos;Petrobras;PDVSA;Fannie Mae;Freddie Mac;
FIFA;UEFA;International Olympic Committee|IOC;NBA|National Basketball Association;NFL|National Football League;Manchester United|Man Utd;Chelsea FC;Arsenal;Real Madrid;AC Milan;Juventus;Bayern Munich;Liverpool FC;Russian Railways;Korean People's Army|KPA;People's Liberation Army|PLA;Israel Defense Forces|IDF|Israel Defence Forces;Revolutionary Guards|IRGC|Islamic Revolutionary Guard Corps|Revolutionary Guard;US Army|U.S. Army;US Navy|U.S. Navy;US Air Force|U.S. Air Force;US Marine Corps|U.S. Marine Corps|Marine Corps;Coast Guard|US Coast Guard|U.S. Coast Guard;National Guard;Eastern Economic Forum;World Economic Forum;State Affairs Commission;University of North Korean Studies;Kookmin University;Ewha University;Far Eastern Federal University"""

# Surname alone where it can mean nobody else in news; =Bush for an ordinary word.
PEOPLE = """Vladimir Putin|Putin|Vladimir Vladimirovich Putin;Kim Jong Un|Kim Jong-un|Chairman of State Affairs Kim Jong Un;Kim Jong Il|Kim Jong-il;Kim Il Sung|Kim Il-sung;Kim Yo Jong|Kim Yo-jong;Volodymyr Zelensky|Zelensky|Volodymyr Zelenskyy|Zelenskyy|Zelenskiy;Joe Biden|Biden|Joseph Biden|Joseph R. Biden;Donald Trump|Trump|Donald J. Trump;Barack Obama|Obama|Barack Hussein Obama;
George W. Bush|George Bush|=Bush|President Bush;George H. W. Bush|George H.W. Bush;Bill Clinton|President Clinton|William Jefferson Clinton;Hillary Clinton|Hillary Rodham Clinton;Ronald Reagan|Reagan;Jimmy Carter;Richard Nixon|Nixon;Gerald Ford;John F. Kennedy|John Kennedy-x|JFK;Edward Kennedy|Edward M. Kennedy|Ted Kennedy;Dick Cheney|Cheney|Richard Cheney;Donald Rumsfeld|Rumsfeld;Colin Powell;Condoleezza Rice|Condoleeza Rice;John McCain|McCain;John Kerry;Al Gore;Nancy Pelosi|Pelosi;Harry Reid;Kamala Harris;Mike Pence;Antony Blinken|Blinken;Lloyd Austin;Jake Sullivan;Matthew Miller;Rudolph Giuliani|Giuliani|Rudy Giuliani;Arnold Schwarzenegger|Schwarzenegger;Alan Greenspan|Greenspan;Ben Bernanke|Bernanke;Paul Volcker|Volcker;James Baker;George Shultz|Shultz;Caspar Weinberger|Weinberger;Oliver North;Robert Bork|Bork;Samuel Alito|Alito;John Roberts;
Tony Blair|Blair;Gordon Brown;David Cameron;Margaret Thatcher|Thatcher;John Major;Boris Johnson;Theresa May;Rishi Sunak|Sunak;Liz Truss;Keir Starmer|Starmer;Neil Kinnock|Kinnock;Nigel Lawson;Michael Howard;Jack Straw;Charles Kennedy;Ken Livingstone;Queen Elizabeth|Queen Elizabeth II|Elizabeth II;Prince Charles|King Charles|Charles III|King Charles III;Princess Diana;
Jacques Chirac|Chirac;Francois Mitterrand|François Mitterrand|Mitterrand;Nicolas Sarkozy|Sarkozy;Emmanuel Macron|Macron;Francois Hollande|François Hollande;Dominique de Villepin;Helmut Kohl|Kohl;Gerhard Schroeder|Gerhard Schröder|Schroeder|Schröder;Angela Merkel|Merkel;Olaf Scholz|Scholz;Silvio Berlusconi|Berlusconi;Romano Prodi|Prodi;Giorgia Meloni|Meloni;Jose Maria Aznar|Aznar;Jose Luis Rodriguez Zapatero|Zapatero;Pedro Sanchez;Viktor Orban|Viktor Orbán|Orban;Jose Manuel Barroso|Barroso;Jacques Delors|Delors;Ursula von der Leyen|von der Leyen;Jens Stoltenberg|Stoltenberg;Mark Rutte|Rutte;
Mikhail Gorbachev|Gorbachev;Boris Yeltsin|Yeltsin;Dmitry Medvedev|Medvedev;Sergei Lavrov|Lavrov|Sergey Lavrov;Sergei Shoigu|Shoigu|Sergey Shoigu;Dmitry Peskov|Peskov;Yevgeny Prigozhin|Prigozhin;Alexei Navalny|Navalny;Mikhail Khodorkovsky|Khodorkovsky;Eduard Shevardnadze|Shevardnadze;Viktor Yushchenko|Yushchenko;Viktor Yanukovych|Yanukovych|Viktor Yanukovich;Yulia Tymoshenko|Tymoshenko;Leonid Kuchma|Kuchma;Alexander Lukashenko|Lukashenko|Aleksandr Lukashenko;Lech Walesa|Walesa;Wojciech Jaruzelski|Jaruzelski;Slobodan Milosevic|Milosevic;Nicolae Ceausescu|Ceausescu;
Xi Jinping;Li Keqiang;Li Qiang;Hu Jintao;Wen Jiabao;Jiang Zemin;Deng Xiaoping;Zhao Ziyang;Li Peng;Mao Zedong|Mao Tse-tung|Chairman Mao;Wang Yi;Dalai Lama;Junichiro Koizumi|Koizumi;Shinzo Abe;Fumio Kishida|Kishida;Yasuhiro Nakasone|Nakasone;Noboru Takeshita|Takeshita;Kiichi Miyazawa|Miyazawa;Yoon Suk Yeol|Yoon Suk-yeol;Moon Jae-in|Moon Jae In;Roh Moo-hyun|Roh Moo Hyun;Kim Dae-jung|Kim Dae Jung;Ban Ki-moon|Ban Ki Moon;Chen Shui-bian;Narendra Modi|Modi;Manmohan Singh;Rajiv Gandhi;Indira Gandhi;Sonia Gandhi;Mahatma Gandhi;Pervez Musharraf|Musharraf;Benazir Bhutto|Bhutto;Imran Khan;Hamid Karzai|Karzai;Nouri al-Maliki|Maliki|al-Maliki;Iyad Allawi|Allawi|Ayad Allawi;Saddam Hussein|Saddam;Moqtada al-Sadr|Muqtada al-Sadr|Moqtada Sadr;Ali al-Sistani;Abu Musab al-Zarqawi|al-Zarqawi|Zarqawi;Osama bin Laden|bin Laden|Osama Bin Laden|Usama bin Laden|Bin Laden;
Ayatollah Ali Khamenei|Ali Khamenei|Khamenei;Ruhollah Khomeini|Khomeini|Ayatollah Khomeini;Mahmoud Ahmadinejad|Ahmadinejad;Ebrahim Raisi;Hassan Rouhani|Rouhani;Mohammad Khatami|Khatami;Ariel Sharon;Ehud Olmert|Olmert;Benjamin Netanyahu|Netanyahu;Shimon Peres;Yitzhak Shamir|Shamir;Yitzhak Rabin;Yasser Arafat|Arafat|Yasir Arafat;Mahmoud Abbas|Abu Mazen;Bashar al-Assad|Bashar Assad|Assad;Hosni Mubarak|Mubarak;Muammar Gaddafi|Gaddafi|Muammar Gadhafi|Muammar Qaddafi|Moammar Gadhafi|Moamer Kadhafi;Rafik Hariri|Hariri|Rafiq Hariri;Recep Tayyip Erdogan|Recep Tayyip Erdoğan|Erdogan|Tayyip Erdogan;Turgut Ozal|Ozal;King Fahd;King Hussein;King Abdullah;Mohammed bin Salman|Crown Prince Mohammed bin Salman;Hisham Nazer;Ahmed Zaki Yamani|Yamani;
Nelson Mandela|Mandela;Thabo Mbeki|Mbeki;Jacob Zuma|Zuma;Cyril Ramaphosa|Ramaphosa;Pieter Botha|P.W. Botha|P. W. Botha;Robert Mugabe|Mugabe;Morgan Tsvangirai|Tsvangirai;Olusegun Obasanjo|Obasanjo;Muhammadu Buhari|Buhari;Omar al-Bashir;Paul Kagame|Kagame;Kofi Annan|Annan;Antonio Guterres|António Guterres|Guterres;Javier Perez de Cuellar;Fidel Castro;Raul Castro;Hugo Chavez;Nicolas Maduro|Nicolás Maduro|Maduro;Luiz Inacio Lula da Silva|Lula da Silva|=Lula;Jair Bolsonaro|Bolsonaro;Jose Sarney|Sarney;Raul Alfonsin|Alfonsin;Augusto Pinochet|Pinochet;Alvaro Uribe|Uribe;Evo Morales;Daniel Ortega;Manuel Noriega|Noriega;Vicente Fox;Justin Trudeau|Trudeau;Stephen Harper;Paul Martin;Brian Mulroney|Mulroney;John Howard;Bob Hawke|Robert Hawke|Hawke;Paul Keating;Corazon Aquino;Ferdinand Marcos;Gloria Arroyo|Gloria Macapagal Arroyo;Suharto;Susilo Bambang Yudhoyono|Yudhoyono;Mahathir Mohamad|Mahathir;Lee Kuan Yew;Aung San Suu Kyi|Suu Kyi;Thaksin Shinawatra|Thaksin;Norodom Sihanouk|Sihanouk;
Pope John Paul II|John Paul II;Pope Benedict XVI|Benedict XVI;Pope Francis;Bill Gates;Steve Jobs;Warren Buffett|Warren Buffet;Elon Musk|Musk;Mark Zuckerberg|Zuckerberg;Jeff Bezos|Bezos;Rupert Murdoch|Murdoch;Carl Icahn|Icahn;Ivan Boesky|Boesky;T. Boone Pickens;Michael Jackson;David Beckham|Beckham;Jose Mourinho|Mourinho;Sir Alex Ferguson|Alex Ferguson;Arsene Wenger|Wenger;Michel Camdessus|Camdessus;Paul Wolfowitz|Wolfowitz;Karl Otto Poehl|Poehl|Karl Otto Pöhl;Gerhard Stoltenberg;Satoshi Sumita|Sumita;Clayton Yeutter|Yeutter;Richard Lyng;Edouard Balladur|Balladur;Barber Conable;Willy de Clercq|De Clercq;Pak Jong Chon;Jo Chun Ryong;Yang Moo-jin;Andrei Lankov|Lankov;Leif-Eric Easley"""

# Cities of the population list that are also a common word or name in English news.
NO_CITY = set("""ajax nice reading mobile split tours nancy bath orange phoenix buffalo cork male hull lens sale man van victoria santiago of
hamilton carolina jackson washington lincoln madison lima surprise mission normal hope eden independence most of date ferry as is
union nara kota salem taiping suez arlington irving aurora anaheim garland chandler henderson newark montgomery mesa
oaxaca columbus victor leon la-paz santa-cruz fort-worth san-jose florence valencia cordoba merida concord cary plano
san antonio santo domingo georgetown alexandria jeffersontown victoria kent warren sterling elizabeth vigo mary
serra anyang santa maria nova ana bello soledad marilao general imus antipolo of the lucena tarlac
betim carrefour callao palmira armenia ipoh central port ho islam batman van ordu usak siirt sari
thanh yen vinh hue bac song long duc my tan bien hai ha nam ma on an anda santa ana san-pedro san pedro guadalupe
portland richmond lexington stockton arlington durham laredo hialeah glendale lubbock norfolk irvine winston reno
spokane rochester fremont fontana bilaspur bologna asmara modesto oxnard moreno shenyang
""".split())


def fold(s):
    s = unicodedata.normalize("NFKD", s)
    return "".join(c for c in s if not unicodedata.combining(c)).lower()


def mark(form):
    """Puts the = in front of a form that is an ordinary word."""
    bare = form.lstrip("~=")
    if " " not in bare and fold(bare).strip(".") in ORDINARY and "." not in bare and not form.startswith("="):
        return "~=" + bare if form.startswith("~") else "=" + bare
    return form


class Table:
    def __init__(self):
        self.rows, self.claimed, self.within = {}, {}, {}

    def add(self, canonical, kind, forms, within=None):
        row = self.rows.setdefault(canonical, (kind, []))
        if within and within != canonical:
            self.within.setdefault(canonical, within)
        for form in [canonical] + list(forms):
            form = form.strip()
            bare = fold(form.lstrip("~=")).replace("-", " ").replace(".", "")
            if not bare or form.endswith("-x") or not re.search("[a-z]", bare) or not re.match(r"^[\x00-\u024f’]+$", form):
                continue
            if self.claimed.get(bare, canonical) != canonical:
                continue
            # The bare form is kept for duplicates that differ by a period only: U.S. and US are two spellings.
            self.claimed[bare] = canonical
            marked = mark(form)
            if marked not in row[1] and not (form == canonical and marked == form):
                row[1].append(marked)

    def text(self, kind):
        out = []
        for canonical, (k, forms) in self.rows.items():
            if k == kind:
                head = mark(canonical)
                forms = [f for f in forms if f.lstrip("=") != canonical]
                within = self.within.get(canonical) if k == "place" else None
                out.append("%s\t%s\t%s%s" % (head, k, "|".join(forms), "\t" + within if within else ""))
        return out


def lists(text):
    for item in text.replace("\n", "").split(";"):
        forms = item.split("|")
        if forms[0].strip():
            yield forms[0].strip(), forms[1:]


def demonyms(word):
    if not word or " or " in word or "," in word:
        return []
    plural = ["~" + word + "s"] if word.endswith(("n", "i")) and not word.endswith(("ese", "man")) else []
    return ["~" + word] + plural


TITLE_WORDS = set("""president prime minister king queen emperor sultan premier governor general chancellor chairman supreme leader
sheikh amir emir crown prince acting interim transition transitional vice deputy first of the and council ministers state affairs commission
col. gen. dr. mr. sir dame pope grand duke chief executive head government co-prince captains regent taliban sovereign""".split())


def leader(text):
    """'President Vladimir Vladimirovich PUTIN (since ...)' gives 'Vladimir Putin' and the full name."""
    text = re.split(r"[;(,]|represented by", text)[0]
    text = re.sub(r'"[^"]*"', "", text)
    words = text.split()
    while words and words[0].lower() in TITLE_WORDS:
        words.pop(0)
    if any(w.lower() in {"of", "for", "council", "commission", "assembly", "president", "minister"} for w in words):
        return None, []
    caps = [i for i, w in enumerate(words) if len(w.strip(".'’-")) > 1 and w.upper() == w and not re.match(r"^[IVX]+$", w)]
    if not caps or len(words) < 2 or len(words) > 6:
        return None, []
    full = " ".join(w if w in {"II", "III", "IV", "V", "VI"} else w.title().replace("’S", "’s") if w.upper() == w and len(w) > 2 else w for w in words)
    full_words = full.split()
    surname = " ".join(full_words[i] for i in caps)
    if caps[0] == 0 or caps[0] == 1 and len(full_words) == 2:
        return full, []
    short = full_words[0] + " " + surname
    return (short, [full]) if short != full else (full, [])


def word_list(name):
    """Words of one of the lists in word_lists.h beside this script."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "word_lists.h"), encoding="utf-8") as file:
        text = file.read()
    begin = text.index(name + "[]")
    return set(re.findall(r'"([^"]*)"', text[begin:text.index("};", begin)]))


# Of the population list: all cities of this size, and those of this size where the press writes in English.
CITY_SIZE, ENGLISH_CITY_SIZE = 100000, 60000
ENGLISH_COUNTRIES = {"GB", "IE", "NZ", "AU", "CA"}


def main():
    folder = sys.argv[1]
    table = Table()
    countries = list(csv.DictReader(open(folder + "/countries.tsv", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    called = {row["cca2"]: RENAMED.get(row["common"], row["common"]) for row in countries}
    by_size = {}
    with lzma.open(folder + "/cities1000.tsv.xz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            size = int(row["population"]) if row["population"].isdigit() else 0
            if row["featureCode"] != "PPLX" and size > by_size.get(fold(row["name"]), (0,))[0]:
                by_size[fold(row["name"])] = (size, row["name"], row["country"])

    def country_of(forms):
        """Of the largest city with one of the names."""
        known = [by_size[fold(form)] for form in forms if fold(form) in by_size]
        return called.get(max(known)[2]) if known else None

    for name, forms in ALIASES.items():
        table.add(name, "place", forms.split("|"))
    for row in countries:
        name = called[row["cca2"]]
        if row["common"] in DROP_NAMES and row["common"] not in RENAMED:
            continue
        forms = [row["official"]] if row["official"] != name else []
        forms += demonyms(row["demonym_m"]) if name not in {"American Samoa", "Guam", "Jersey", "Guernsey", "Falkland Islands", "Vatican City", "Northern Mariana Islands"} else []
        if name in ALIASES:
            forms = [f for f in forms if not f.startswith("~")]
        table.add(name, "place", forms)
    region_of = {name: country for country, names in WITHIN.items() for name in names.replace("=", "").split(";")}
    for name, country in region_of.items():
        table.within[name] = country
    for name, forms in lists(REGIONS):
        table.add(name, "place", forms)
    for name, forms in lists(STATES):
        table.add(name, "place", forms, "United States")
    capitals = {fold(re.sub(r"^Washington D.C.$", "Washington", c)): called[row["cca2"]] for row in countries for c in row["capital"].split("|")}
    for name, forms in lists(CITIES):
        table.add(name, "place", forms, capitals.get(fold(name)) or country_of([name] + forms))
    for row in countries:
        for capital in row["capital"].split("|"):
            if capital and fold(capital) not in NO_CITY and capital != "City of San Marino":
                table.add(re.sub(r"^Washington D.C.$", "Washington", capital), "place",
                          [fold(capital).title()] if fold(capital) != capital.lower() else [], called[row["cca2"]])
    for name, forms in lists(ORGS):
        table.add(name, "org", forms)
    for name, forms in lists(PEOPLE):
        table.add(name, "person", forms)
    for row in csv.DictReader(open(folder + "/leaders.tsv", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
        name, forms = leader(row["text"])
        if name and fold(name) not in {fold(n) for n in table.rows}:
            table.add(name, "person", forms)
    first_names, common = word_list("first_names"), word_list("common_words")
    for plain, (size, name, country) in sorted(by_size.items(), key=lambda item: (-item[1][0], item[0])):
        if size < (ENGLISH_CITY_SIZE if country in ENGLISH_COUNTRIES else CITY_SIZE):
            continue
        if plain.replace("-", " ") in NO_CITY or plain in ORDINARY or len(plain) < 4 or not re.match(r"^[a-z][a-z' .-]+$", plain) or len(plain.split()) > 3:
            continue
        if size < 300000 and (plain in first_names or plain in common):
            continue
        table.add(name, "place", [], called.get(country))
    print(HEAD, end="")
    for kind, title in (("place", "Places"), ("org", "Organisations"), ("person", "People")):
        print("\n# " + title)
        print("\n".join(table.text(kind)))


main()
