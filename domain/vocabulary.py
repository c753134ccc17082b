"""The closed lists: the regulator's published vocabularies and the procedure's own words. Keys are for ever."""

from enum import StrEnum


class DataKind(StrEnum):
    """Categories of personal data on the regulator's form, and seven that a school needs besides."""

    BASIC_IDENTIFIERS = "basic_personal_identifiers"
    IDENTIFICATION = "identification_data"
    ECONOMIC = "economic_and_financial"
    OFFICIAL_DOCUMENTS = "official_documents"
    NATIONAL_NUMBER = "national_identification_number"
    BIRTH = "date_of_birth_age_or_sex"
    LOCATION = "location"
    HEALTH = "health"
    ETHNIC_ORIGIN = "racial_or_ethnic_origin"
    POLITICAL_OPINIONS = "political_opinions"
    BELIEFS = "religious_or_philosophical_beliefs"
    TRADE_UNION = "trade_union_membership"
    SEX_LIFE = "sex_life"
    SEXUAL_ORIENTATION = "sexual_orientation"
    GENDER_REASSIGNMENT = "gender_reassignment"
    GENETIC_OR_BIOMETRIC = "genetic_or_biometric"
    CRIMINAL = "criminal_convictions_offences"
    SPECIAL_NEEDS = "special_educational_needs"
    SAFEGUARDING = "safeguarding"
    ATTAINMENT = "attainment_and_assessment"
    BEHAVIOUR = "behaviour_and_attendance"
    PHOTOGRAPHS = "photographs"
    OTHER = "other"
    NOT_YET_KNOWN = "not_yet_known"


class PeopleKind(StrEnum):
    """Who the data are about, in a school's words."""

    PUPILS = "pupils"
    FORMER_PUPILS = "former_pupils"
    PARENTS = "parents_and_carers"
    STAFF = "staff"
    GOVERNORS = "governors"
    VOLUNTEERS = "volunteers"
    SUPPLIERS = "suppliers"
    OTHER = "other"
    NOT_YET_KNOWN = "not_yet_known"


class IncidentType(StrEnum):
    """The regulator's published taxonomy of incidents (data security incident trends)."""

    ALTERATION = "Alteration of personal data"
    BRUTE_FORCE = "Brute Force"
    CRYPTOGRAPHIC_FLAW = "Cryptographic flaw"
    WRONG_EMAIL_RECIPIENT = "Data emailed to incorrect recipient"
    WRONG_DATA_IN_PORTAL = "Data of wrong data subject shown in client portal"
    WRONG_POST_RECIPIENT = "Data posted or faxed to incorrect recipient"
    DENIAL_OF_SERVICE = "Denial of service"
    FAILURE_TO_REDACT = "Failure to redact"
    FAILURE_TO_USE_BCC = "Failure to use bcc"
    MISCONFIGURATION = "Hardware/software misconfiguration"
    DISPOSAL_OF_HARDWARE = "Incorrect disposal of hardware"
    DISPOSAL_OF_PAPERWORK = "Incorrect disposal of paperwork"
    LOST_DEVICE = "Loss/theft of device containing personal data"
    LOST_PAPERWORK = "Loss/theft of paperwork or data left in insecure location"
    MALWARE = "Malware"
    NOT_PROVIDED = "Not Provided"
    OTHER_CYBER = "Other cyber incident"
    OTHER_NON_CYBER = "Other non-cyber incident"
    PHISHING = "Phishing"
    RANSOMWARE = "Ransomware"
    UNAUTHORISED_ACCESS = "Unauthorised access"
    VERBAL_DISCLOSURE = "Verbal disclosure of personal data"


class Cause(StrEnum):
    """The procedure's own list of causes (school policy, Appendix 2, "Types of Breach")."""

    LOSS_OR_THEFT = "loss_or_theft"
    ACCESS_CONTROLS = "inappropriate_access_controls"
    EQUIPMENT_FAILURE = "equipment_failure"
    POOR_DESTRUCTION = "poor_data_destruction"
    HUMAN_ERROR = "human_error"
    CYBER_ATTACK = "cyber_attack"
    HACKING = "hacking"
    SUPPLIER_FAULT = "supplier_fault"
    OTHER = "other"
    NOT_YET_KNOWN = "not_yet_known"


class ContainmentAction(StrEnum):
    """What can be done to stop a breach and limit the damage (Appendix 2, steps 2 and 5)."""

    SYSTEM_SHUT_DOWN = "system_shut_down"
    STAFF_ALERTED = "relevant_staff_alerted"
    EQUIPMENT_RECOVERED = "equipment_recovered"
    CREDENTIALS_CHANGED = "passwords_or_entry_codes_changed"
    DELETION_CONFIRMED = "recipient_confirmed_deletion"
    BACKUPS_RESTORED = "backups_restored"
    BANKS_CONTACTED = "banks_contacted"
    LOCAL_AUTHORITY_TOLD = "local_authority_told"
    PRESS_OFFICE_TOLD = "press_office_told"
    PHISHING_WARNING = "staff_warned_of_phishing"
    OTHER = "other"


class Reporter(StrEnum):
    """Who first spoke up."""

    STAFF = "staff"
    PUPIL = "pupil"
    PARENT = "parent_or_carer"
    PROCESSOR = "processor"
    OTHER_SCHOOL = "other_school"
    PUBLIC = "member_of_the_public"
    PRESS = "press"
    REGULATOR = "regulator"
    OTHER = "other"


class Body(StrEnum):
    """Others who may have to be told (Appendix 2; DfE incident response; UK GDPR Art. 33(2))."""

    POLICE = "police"
    LOCAL_AUTHORITY = "local_authority"
    EDUCATION_DEPARTMENT = "department_for_education"
    BANK = "bank"
    INSURER = "insurer_or_risk_protection"
    CYBER_SECURITY_CENTRE = "national_cyber_security_centre"
    FRAUD_REPORTING = "fraud_reporting_centre"
    OTHER_CONTROLLER = "other_controller"
    PROCESSOR = "processor"
    CHARITY_REGULATOR = "charity_regulator"
    LEGAL_ADVISER = "legal_adviser"
    OTHER = "other"


class Means(StrEnum):
    """How something was said."""

    EMAIL = "email"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"
    LETTER = "letter"
    ONLINE_FORM = "online_form"
    TEXT_MESSAGE = "text_message"
    WEBSITE = "website"
    WEBHOOK = "webhook"
    OTHER = "other"


class RiskLevel(StrEnum):
    """Risk to the rights and freedoms of individuals (UK GDPR Art. 33(1), 34(1))."""

    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


class MessagePoint(StrEnum):
    """What a message to the people concerned says: Art. 34(2) asks for the first four, Appendix 2 for the others."""

    NATURE = "nature"
    DPO_CONTACT = "dpo_contact"
    CONSEQUENCES = "consequences"
    MEASURES = "measures"
    ADVICE = "advice"
    COMPLAINT_ROUTE = "complaint_route"


class Outcome(StrEnum):
    """How a complaint ended."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


class Exemption(StrEnum):
    """Why individuals need not be told although the risk is high (UK GDPR Art. 34(3)(a) to (c))."""

    UNINTELLIGIBLE = "data_unintelligible"
    RISK_REMOVED = "high_risk_no_longer_likely"
    DISPROPORTIONATE = "disproportionate_effort"


class Answer(StrEnum):
    """A question that may still be open."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Encryption(StrEnum):
    """How far the data were encrypted."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = "unknown"


class Confidentiality(StrEnum):
    """What is known of disclosure."""

    NOT_AFFECTED = "not_affected"
    EXPOSED = "exposed_no_evidence_of_access"
    KNOWN_RECIPIENTS = "disclosed_to_known_recipients"
    UNKNOWN_RECIPIENTS = "disclosed_to_unknown_recipients"
    UNKNOWN = "unknown"


class Integrity(StrEnum):
    """What is known of alteration."""

    NOT_AFFECTED = "not_affected"
    RECOVERED = "altered_and_recovered"
    RECOVERABLE = "altered_recoverable"
    NOT_RECOVERABLE = "altered_not_recoverable"
    UNKNOWN = "unknown"


class Availability(StrEnum):
    """What is known of loss."""

    NOT_AFFECTED = "not_affected"
    RECOVERED = "lost_and_recovered"
    TEMPORARY = "temporarily_unavailable"
    PERMANENT = "permanently_lost"
    UNKNOWN = "unknown"
