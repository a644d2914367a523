"""Closed word classes of English and the short open lists that the rules lean on."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


ARTICLES = words("a an the")
DETERMINERS = ARTICLES | words(
    "this that these those each every all any some no both either neither another several many few most his her "
    "its their our your my"
)
PRONOUNS = words(
    "it they them he she him we us i this that these those its their his hers our ours theirs itself themselves "
    "one ones such there here former latter"
)
BE = words("is are was were be been being")
HAVE = words("has have had")
DO = words("does do did")
MODALS = words("can could may might must shall should will would cannot")
AUXILIARIES = words("is are was were has have had does do did") | MODALS
PREPOSITIONS = words(
    "of in on at to for from by with without into onto through during under over between among within after "
    "before against above below across along around behind beneath beside beyond inside outside near off out per "
    "since toward towards until up upon via down about as like throughout except despite"
)
CONJUNCTIONS = words("and or but nor")
SUBORDINATORS = words(
    "if when while whilst because although albeit insofar notwithstanding though unless until whenever whereas "
    "whether once provided since as so than that which who whose whom where why how what wherever lest"
)
RELATIVES = words("that which who")
ADVERBS = words(
    "not never always also only often usually normally typically generally then now still already just even again "
    "therefore thus hence however otherwise instead first finally currently mainly sometimes rarely seldom once "
    "twice both not no longer ever further too very directly fully partly either nevertheless later alone"
)
NARRATES = words("then next finally therefore thus hence")
"""What ties a sentence to those before it."""
NUMBER_WORDS = words("two three four five six seven eight nine ten eleven twelve")
TIME_UNITS = words(
    "second seconds minute minutes hour hours day days week weeks month months year years s ms min h hr hrs sec "
    "secs mins"
)
SINGULAR_IN_S = words(
    "series gas process bus status lens basis analysis chassis access address class glass mass loss pass press "
    "stress less this its us as analysis thesis diagnosis axis basis business witness harness apparatus virus "
    "focus consensus corpus radius radios always success progress process news mathematics physics electronics"
)
PLURAL_NOT_IN_S = words("people children men women data media criteria phenomena feet teeth personnel staff police")
PEOPLE = words(
    "person people operator operators user users commander commanders chaplain chaplains officer officers "
    "administrator administrators employee employees manager managers staff personnel applicant applicants "
    "taxpayer taxpayers owner owners trustee trustees author authors developer developers student students "
    "patient patients engineer engineers technician technicians customer customers attorney attorneys debtor "
    "debtors creditor creditors agency agencies supervisor supervisors member members director directors "
    "appointee appointees bidder bidders vendor vendors buyer buyers seller sellers tenant tenants reader readers "
    "attacker attackers hacker hackers adversary visitor visitors worker workers installer installers driver "
    "drivers electrician contractor contractors inspector inspectors"
)
_RANKS = words(
    "president king queen emperor empress pope bishop priest professor doctor historian poet writer actor actress "
    "singer player athlete mayor senator governor general philosopher captain prince princess saint judge physician "
    "musician politician lawyer nurse teacher farmer soldier pilot"
)


_YOUNG = words(
    "child children infant adult teenager minor adolescent woman women man men girl boy pupil guest passenger"
)
_CALLINGS = ("ist", "ician", "ographer", "ologer")


def is_somebody(word: str) -> bool:
    """Whether a word says that somebody is a person, by profession or rank."""
    low = word.lower()
    known = PEOPLE | _RANKS | _YOUNG
    return low in known or low.removesuffix("s") in known or (len(low) > 6 and low.rstrip("s").endswith(_CALLINGS))


OFFICES = words(
    "office association branch agency department commission committee court council bureau board ministry congress "
    "parliament institute institution university company corporation administration authority government minister "
    "secretary president judge team group panel manufacturer publisher supplier employer bank society federation"
)
"""Who acts without being a single person."""
NAMELESS_HEADS = words(
    "part parts one ones other others thing things step steps following first next last same rest remainder "
    "former latter"
)
"""Heads that name nothing, whatever stands before them: "the upper part"."""
GENERIC_HEADS = NAMELESS_HEADS | words(
    "device system product unit machine equipment tool document manual guide chapter section page table figure "
    "thing item part one other purpose goal aim reason result problem example examples following difference "
    "exception point case way fact idea answer question issue list number first second third next last same step steps "
    "user process procedure information data value values option options note method approach change changes work "
    "result results"
)
"""Heads that name nothing by themselves: "the device", "the first"."""
