"""The plain words of a letter to the people concerned: how each is addressed, and what each kind of data is called."""

from dataclasses import dataclass
from enum import StrEnum

from domain.vocabulary import DataKind, PeopleKind


class Voice(StrEnum):
    """To whom a sentence speaks: an adult of itself, an older pupil of itself, or a parent of the child."""

    ADULT = "adult"
    PUPIL = "pupil"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class Nation:
    """What differs between the United Kingdom and the Netherlands in what a letter says."""

    emergency: str
    adults_number: str
    childs_number: str
    british: bool


BRITAIN = Nation("999", "National Insurance number", "NHS number", british=True)
NETHERLANDS = Nation("112", "BSN", "BSN", british=False)

REGULATORS = {
    "ICO": ("the UK", "ico.org.uk"),
    "AP": ("the Netherlands", "autoriteitpersoonsgegevens.nl"),
}
"""Where each regulator guards people’s rights, and its address, by the name that the school register gives it."""

GREETINGS = {
    PeopleKind.PUPILS: "Dear pupil",
    PeopleKind.FORMER_PUPILS: "Dear former pupil",
    PeopleKind.PARENTS: "Dear parent or carer",
    PeopleKind.STAFF: "Dear colleague",
    PeopleKind.GOVERNORS: "Dear governor",
    PeopleKind.VOLUNTEERS: "Dear volunteer",
    PeopleKind.SUPPLIERS: "Dear supplier",
}
OTHERWISE = "Dear Sir or Madam"

_WHOSE = {
    Voice.ADULT: {"you": "you", "your": "your", "they": "you", "their": "your"},
    Voice.PUPIL: {"you": "you", "your": "your", "they": "you", "their": "your"},
    Voice.PARENT: {"you": "your child", "your": "your child’s", "they": "they", "their": "their"},
}
"""Whose data they are, as the one who reads would say it."""

DATA = {
    DataKind.BASIC_IDENTIFIERS: "{your} name, or other details such as an address, phone number or e-mail",
    DataKind.IDENTIFICATION: "a user name or password that {they} use to sign in",
    DataKind.ECONOMIC: "facts about money, such as bank details, payments or help with costs",
    DataKind.OFFICIAL_DOCUMENTS: "a copy of a paper such as a passport or driving licence",
    DataKind.NATIONAL_NUMBER: "{your} {number}, or one like it",
    DataKind.BIRTH: "{your} date of birth, age or sex",
    DataKind.LOCATION: "places where {they} live, go or can be found",
    DataKind.HEALTH: "{your} health, and any care or medicine that {they} need",
    DataKind.ETHNIC_ORIGIN: "{your} ethnic group, or where {their} family comes from",
    DataKind.POLITICAL_OPINIONS: "what {they} think about politics",
    DataKind.BELIEFS: "{your} faith, or what {they} believe in",
    DataKind.TRADE_UNION: "whether {they} belong to a trade union",
    DataKind.SEX_LIFE: "private facts about {your} close relationships or sex life",
    DataKind.SEXUAL_ORIENTATION: "who {they} are attracted to",
    DataKind.GENDER_REASSIGNMENT: "a change of gender that {they} have made or plan to make",
    DataKind.GENETIC_OR_BIOMETRIC: "facts from {your} body, such as a fingerprint, a face scan or genes",
    DataKind.CRIMINAL: "records about {you} from the police or a court",
    DataKind.SPECIAL_NEEDS: "the extra help with learning that {they} get (special needs)",
    DataKind.SAFEGUARDING: "notes about keeping {you} safe from harm",
    DataKind.ATTAINMENT: "{your} marks, test results and reports",
    DataKind.BEHAVIOUR: "{your} behaviour, and when {they} were at school or away",
    DataKind.PHOTOGRAPHS: "photos or videos of {you}",
    DataKind.OTHER: "other facts that we hold about {you}",
}
"""What each kind of data is called; `not_yet_known` is said in a sentence of its own."""

STILL_UNKNOWN = "We are still finding out what information is involved. We will write again when we know."
MAY_BE_MORE = "There may be more. We are still finding out, and we will write again when we know."
NOT_ALL_YOURS = "This list is for everyone we write to. Some of it may not be about {you}."
PARTLY_YOURS = "Some of it may be about you as well."

OPENING = (
    "Something went wrong with information about {you} that our school keeps. We are sorry for the worry it may cause.",
    "This letter tells you what happened, what it could mean and what you can do.",
)

HELP = {
    Voice.ADULT: (
        "You can talk to us about this, in person or by phone. Tell us how it affects you, and what would help.",
        "Tell us if you need this letter in large print or in another language.",
    ),
    Voice.PUPIL: (
        "You can talk to any adult that you trust at school, alone or with a friend. We will listen and help you.",
        "Tell us if you need this letter in large print or in another language.",
    ),
    Voice.PARENT: (
        "You can talk to us about this, in person or by phone. We will listen to you and to your child.",
        "Tell us if you need this letter in large print or in another language.",
    ),
}

ASK = "If you have a question, or if you are worried, please get in touch."

COMPLAIN = {
    Voice.ADULT: "You can complain to the school about how we looked after your information.",
    Voice.PUPIL: "You can complain if you are not happy with how we looked after your information."
    " A parent, a carer or a friend can help you.",
    Voice.PARENT: "You can complain to the school about how we looked after your child’s information.",
}
HOW_TO_COMPLAIN = "{how}, or tell us in person or by phone. You do not need a form or special words."
WHEN_ANSWERED = (
    "We will tell you within {days} days that we have your complaint."
    " We will look into it without delay, keep you up to date and tell you the outcome."
)
"""DPA 2018 s. 164A(2) to (4)."""

REGULATOR = "You can also complain to the {regulator} at any time."
WHO_IT_IS = " The {regulator} looks after data rights in {where}. Its website is {address}."

_FAMILY = (
    "Separated parents: write to each who is entitled to know, apart, after looking for a court order on contact.",
    "Brothers and sisters: write for each child apart, and name no child in the letter of another.",
)
_PUPILS = (
    "Age: decide for each pupil whether to tell the pupil, a parent or both (in Scotland a pupil of 12 is presumed to"
    " understand)."
)
_EVERYBODY = (
    "Protected addresses: check who must not be found, and let no envelope, list or subject line give anyone away.",
    "The right recipient: compare each name and address with the school’s records of today.",
    "Blind copies: send each e-mail on its own, or put every address in blind copy.",
    "Test with one: send it to yourself first, open it as the recipient would, and only then send the rest.",
    "The list of data is the whole incident’s: check that all of it may be true of those you write to, and each date.",
)


def data_in_words(kind: DataKind, voice: Voice, nation: Nation) -> str:
    """What a kind of data is called, whosever it is, with a capital at its beginning."""
    number = nation.childs_number if voice is not Voice.ADULT else nation.adults_number
    said = DATA[kind].format(**_WHOSE[voice], number=number)
    return f"{said[:1].upper()}{said[1:]}"


def whose(text: str, voice: Voice) -> str:
    """The text with whose data they are put in."""
    return text.format(**_WHOSE[voice])


def before_you_send(people: PeopleKind) -> tuple[str, ...]:
    """What to look at first, so that the letter itself discloses nothing.

    A supplier’s own notices of a breach once went to the wrong schools (Persónuvernd, case 2020010355).
    """
    family = people in (PeopleKind.PUPILS, PeopleKind.FORMER_PUPILS, PeopleKind.PARENTS)
    age = (_PUPILS,) if people is PeopleKind.PUPILS else ()
    return (*(_FAMILY if family else ()), *age, *_EVERYBODY)
