"""What the people concerned can do to protect themselves, by the kind of data and by whom a letter speaks to.

Appendix 2 of the procedure asks for specific and clear advice. The order is that in which a reader should act.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from domain.vocabulary import DataKind
from projections.letter_words import Nation, Voice

_MONEY = (DataKind.ECONOMIC,)
_IDENTITY = (DataKind.OFFICIAL_DOCUMENTS, DataKind.NATIONAL_NUMBER)
_SECRET = (
    DataKind.ETHNIC_ORIGIN,
    DataKind.POLITICAL_OPINIONS,
    DataKind.BELIEFS,
    DataKind.TRADE_UNION,
    DataKind.SEX_LIFE,
    DataKind.SEXUAL_ORIENTATION,
    DataKind.GENDER_REASSIGNMENT,
    DataKind.CRIMINAL,
)
_SCHOOL_LIFE = (DataKind.ATTAINMENT, DataKind.BEHAVIOUR, DataKind.BIRTH, DataKind.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing to do, for each reader in words of their own; an empty text where it is nothing for them."""

    when: tuple[DataKind, ...]
    adult: str = ""
    pupil: str = ""
    parent: str = ""
    where: Literal["everywhere", "britain"] = "everywhere"

    def said_to(self, voice: Voice) -> str:
        """The words for that reader."""
        return {Voice.ADULT: self.adult, Voice.PUPIL: self.pupil, Voice.PARENT: self.parent}[voice]


ADVICE = (
    Advice(
        when=(DataKind.LOCATION, DataKind.SAFEGUARDING),
        adult="If you fear for your safety, tell us at once. If you are in danger now, call {emergency}.",
        pupil="If you feel unsafe, tell an adult you trust at once. If you are in danger now, call {emergency}.",
        parent="If you fear for your child’s safety, tell us at once. If they are in danger now, call {emergency}.",
    ),
    Advice(
        when=(DataKind.BASIC_IDENTIFIERS, DataKind.LOCATION),
        adult="Tell us at once if someone must not know where you live.",
        pupil="Tell us at once if someone must not know where you live.",
        parent="Tell us at once if someone must not know where your child lives.",
    ),
    Advice(
        when=(DataKind.IDENTIFICATION,),
        adult="Change your password now. If you use it anywhere else, change it there too.",
        pupil="Change your password now. If you use it anywhere else, change it there too.",
        parent="Help your child to change the password now. If they use it anywhere else, change it there too.",
    ),
    Advice(
        when=(DataKind.IDENTIFICATION,),
        adult="Where you can, turn on a second step to sign in, such as a code sent to your phone.",
    ),
    Advice(
        when=_MONEY,
        adult="Call your bank on the number on your card, and tell them what happened.",
        pupil="If you have a bank account, ask a parent or carer to help you check it.",
        parent="Call your bank on the number on your card, and tell them what happened.",
    ),
    Advice(
        when=_MONEY,
        adult="Look at your bank statements for payments that you did not make.",
        parent="Look at your bank statements, and at your child’s, for payments that you did not make.",
    ),
    Advice(
        when=_IDENTITY,
        adult="Look out for post about loans or bills that are not yours.",
        pupil="Show this letter to a parent or carer. Tell them if you get post about a loan or a bill.",
        parent="Look out for post about loans or bills in your child’s name, and tell us if you get any.",
    ),
    Advice(
        when=_IDENTITY,
        where="britain",
        adult="Check your credit file for loans or cards that you did not ask for. You can see it free of charge.",
        parent="You can ask a credit agency if it has a file in your child’s name."
        " There should not be one while they are under 18.",
    ),
    Advice(
        when=_IDENTITY,
        where="britain",
        adult="If you fear fraud, you can sign up with Cifas (cifas.org.uk). Firms then make extra checks"
        " before they lend in your name. There is a fee.",
    ),
    Advice(
        when=(DataKind.OFFICIAL_DOCUMENTS,),
        adult="If a passport or licence itself was lost, tell the office that gave it to you.",
        parent="If a passport or licence itself was lost, tell the office that gave it to you.",
    ),
    Advice(
        when=(DataKind.BASIC_IDENTIFIERS, DataKind.IDENTIFICATION, *_MONEY, *_IDENTITY, DataKind.NOT_YET_KNOWN),
        adult="Take care with messages and calls that you did not expect, even if they seem to come from us."
        " If you are not sure, ring the school on a number that you know.",
        pupil="Take care with odd messages, even if they use your name. If you are not sure, show an adult.",
        parent="Take care with messages and calls that you did not expect, even if they seem to come from us."
        " If you are not sure, ring the school on a number that you know.",
    ),
    Advice(
        when=(DataKind.BASIC_IDENTIFIERS, DataKind.IDENTIFICATION, *_MONEY, *_IDENTITY, DataKind.NOT_YET_KNOWN),
        adult="Never give a password or a code to anyone who asks for it. We will not ask you for one.",
        pupil="Never give a password or a code to anyone who asks for it. We will not ask you for one.",
        parent="Never give a password or a code to anyone who asks for it. We will not ask you for one.",
    ),
    Advice(
        when=(DataKind.HEALTH,),
        adult="If it upsets you that others may know about your health, talk to us or to your doctor.",
        pupil="If it upsets you that others may know about your health, talk to an adult you trust or a nurse.",
        parent="If it upsets your child that others may know about their health, talk to us or to your doctor.",
    ),
    Advice(
        when=(DataKind.GENETIC_OR_BIOMETRIC,),
        adult="Ask us if you want to use another way than a fingerprint or a face scan.",
        pupil="Ask us if you want to use another way than a fingerprint or a face scan.",
        parent="Ask us if you want your child to use another way than a fingerprint or a face scan.",
    ),
    Advice(
        when=(DataKind.SPECIAL_NEEDS,),
        adult="You can talk to us in private about the help that you need, and who should know of it.",
        pupil="You can talk to the teacher who leads on extra help.",
        parent="You can talk to the teacher who leads on special needs.",
    ),
    Advice(
        when=(DataKind.SAFEGUARDING,),
        adult="You can talk in private to the person at school whose job is to keep people safe.",
        pupil="You can talk to the adult at school whose job is to keep pupils safe.",
        parent="You can talk to the person at school whose job is to keep children safe.",
    ),
    Advice(
        when=_SECRET,
        adult="If anyone asks you about private things, you do not have to answer."
        " Tell us if anyone treats you badly because of them.",
        pupil="If anyone asks you about private things, you do not have to answer."
        " Tell us if anyone treats you badly because of them.",
        parent="If anyone asks your child about private things, they do not have to answer."
        " Tell us if anyone treats your child badly because of them.",
    ),
    Advice(when=(DataKind.TRADE_UNION,), adult="You can also talk to your union."),
    Advice(
        when=(DataKind.PHOTOGRAPHS,),
        adult="Tell us if you see a photo or video of you where it should not be. Please do not pass it on.",
        pupil="Tell us if you see a photo or video of you where it should not be. Please do not pass it on.",
        parent="Tell us if you see a photo or video of your child where it should not be. Please do not pass it on.",
    ),
    Advice(
        when=_SCHOOL_LIFE,
        adult="Tell us if you see any of this passed on, or if anyone is unkind to you because of it.",
        pupil="Tell us if you see any of this passed on, or if anyone teases you about it.",
        parent="Tell us if you see any of this passed on, or if anyone teases your child about it.",
    ),
)


def advice_on(kinds: Iterable[DataKind], voice: Voice, nation: Nation) -> tuple[str, ...]:
    """What to do about these kinds of data, the most urgent first, each piece once."""
    concerned = frozenset(kinds)
    told = (
        each.said_to(voice).format(emergency=nation.emergency)
        for each in ADVICE
        if concerned & {*each.when} and (nation.british or each.where == "everywhere")
    )
    return tuple(filter(None, told))
