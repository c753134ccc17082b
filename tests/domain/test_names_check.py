"""The names check: what it must find, what it must leave alone, and that a finding never carries the text."""

import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.first_names import first_names
from domain.identifiers import CERTAIN
from domain.names import Found, certain_identifiers, in_words, possible_names, without_names

WITH_NAMES = """\
The report of ‹Jane Smith› was e-mailed to the wrong parent.
‹Jane Smith› was told by telephone on Monday.
A letter about ‹Muhammad Khan› was put in another pupil’s bag.
The plan of ‹Aisha Begum› lay on the photocopier.
‹Oliver› saw the marks of his classmates.
The office gave ‹Olivia›’s file to her neighbour.
We found ‹Arlo's› medical form in the corridor.
The list showed that ‹Maryam› is entitled to free school meals.
The screen showed the address of ‹Priya Patel› to the class.
‹Zainab Ali› and ‹Tyrell Brown› were on the list.
The mother of ‹Kayleigh Jones› telephoned the office.
The minutes name ‹Harpreet Kaur› as the pupil concerned.
The e-mail was addressed to ‹Mr Okafor›.
‹Mrs Williams› opened the attachment.
‹Miss Green› left the register on the bus.
The form was signed by ‹Ms Adeyemi-Brown›.
‹Mx Taylor› asked for a copy of the data.
The letter of ‹Dr Rahman› was attached by mistake.
It was sent to ‹Dr. Helen Ford› at the surgery.
A complaint came from ‹Sir Robert Ashe›.
‹Mr. J. Okonkwo› told the office at once.
The letter was meant for ‹Mr & Mrs Novak›.
The letter was meant for Mr and ‹Mrs A Novak›.
The envelope was addressed to ‹Master Thomas Reed›.
‹Prof. Ilse Bakker› was copied in by accident.
The register shows ‹Smith, Jane› as absent.
The first row reads ‹Okonkwo, Daniel›, 6B.
Row 12 was ‹JONES, Mark› and row 13 was ‹KHAN, Sana›.
The note says ‹Brown, Grace›; it was left on a desk.
Signed: ‹J. Okafor›
The parent, ‹J Smith›, was told at four.
We informed ‹T. K. Mensah› by letter.
‹A.B. Kowalska› rang the office.
The report of ‹Okafor, J.› was read aloud.
The file named ‹Smith_Jane›_plan.docx was open to all staff.
The e-mail to ‹Jane S› went to the whole class.
The list began with ‹JANE DOE› in capitals.
The pupil card of ‹MUHAMMAD ABDULLAHI› was lost.
The badge read ‹ANNE-MARIE O'NEILL›.
‹Anne-Marie O’Neill› is the parent who told us.
A photograph of ‹Lily-May› was published without consent.
The class list included ‹Jean-Luc Martin›.
The parent of ‹Siobhán O'Connor› complained.
‹Zoë› was asked to leave the meeting.
The folder of ‹Łukasz Wiśniewski› was open.
‹Chloë Müller› received the wrong timetable.
The passport of ‹Ștefan Popescu› was scanned twice.
‹José García› and ‹Nuria Fernández› were copied in.
‹Çağla Yılmaz› saw the seating plan.
The record of ‹Ngozi Eze› was changed.
The social worker of ‹Kwame Mensah› received it.
Data about ‹Oluwaseun Adebayo› were disclosed.
The sister of ‹Amina Warsame› read it.
‹Abdirahman Farah› was shown the wrong account.
The school told ‹Fatima al-Hassan› on Tuesday.
‹Maria de Souza› was given the list.
The report on ‹Pieter van den Berg› went astray.
‹Mark Wilson› sent the spreadsheet.
The plan of ‹Grace Bennett› was read out.
An e-mail of ‹Will Harrison› was forwarded.
‹Rose Campbell› is the parent concerned.
‹Faith Owusu› was on the trip list.
The safeguarding note about ‹Summer Walsh› was printed.
‹Jordan Reid› opened the drive.
A pupil named ‹Victoria Price› was shown on the screen.
‹May Thornton› was told in May.
‹Florence Webb› has complained to the governors.
The address of ‹April Dawson› was given to her father.
‹Chelsea Murphy›'s detention was visible.
The parents of ‹Sydney Clarke› were telephoned.
‹Hope Sinclair› has asked for erasure.
The photo showed ‹Austin McDonald› and ‹Skye MacLeod›.
A carer of ‹Ewa Nowak› rang on Friday.
The counsellor’s notes on ‹Ibrahim› were in the folder.
Nobody had asked ‹Freya› whether she agreed.
It was ‹Noah› who noticed the mistake.
Both ‹Amelia› and ‹Isla› were affected.
Three pupils, ‹Ethan›, ‹Leo› and ‹Mia›, were named.
Dear ‹Sarah›, your child’s report went to another family.
The wrong plan was given to ‹Ruby Hall› in the corridor.
The letter of ‹Emma Wood› was posted on Friday.
The family of ‹Oleksandr Kovalenko› has been told.
‹Yusuf›’s allergy card was handed to a volunteer.
It names the pupil ‹Xanthippe Quillfeather› and her address.
A pupil called ‹Zebulon› was mentioned.
Her mother ‹Philomela› was told at the gate.
The ‹Bartholomew-Ogilvy› twins were named in the message.
The ‹Szymborski› family was told by telephone.
the pupil ‹jane doe› was named in the subject line
we told ‹mrs khan› on monday
the file of ‹oliver thomas› was sent to ‹mr davies›
A message to ‹Nia Griffiths› and ‹Rhys Llewellyn› was published.
The grandfather of ‹Chukwuemeka Obi› collected the letter.
‹Tanisha›'s EHCP was attached.
The recording names ‹Ayaan Hussain› and ‹Hafsa Iqbal›.
Please tell ‹Kacper Zieliński› that his data are safe.
The laptop belongs to ‹Fr Michael Doyle›.
The wrong address was given for ‹Jasleen Kaur Gill›.
‹Anh Nguyen› and ‹Mei Chen› were in the photograph.
We apologised to ‹Beatrice Holloway-Smythe› in person.
‹Dilan Yıldız› could see the marks of ‹Elif Demir›.
The screenshot shows ‹Reuben Cohen› and ‹Esther Levy›.
The index card of ‹D'Angelo Francis› was found outside.
The voicemail was left for ‹Niamh O’Brien›.
‹Callum Hughes›'s behaviour log was shown to the class.
I gave ‹Isabella Rossi›'s report to ‹Sofia Rossi›'s mother.
Behaviour points for ‹Riley› and ‹Kai› were visible.
Email sent to ‹Tom Barton› instead of ‹Tom Burton›.
‹Harry› found the USB stick.
The stick belongs to ‹Mr Thompson›, who teaches Year 5.
‹Mrs O'Leary› was covering the class.
The report for ‹Daisy Turner› went to ‹Ivy Turner›'s father.
‹Poppy› and ‹Willow› swapped book bags.
The EHCP of ‹Kian McCarthy› was sent to Devon County Council.
‹Leon Schwarz› (Year 9) guessed the password.
I spoke to ‹Miss Begum› and ‹Miss Patel› at lunch.
The complaint from ‹Rebecca Lawson-Jones› came on Friday.
Staff member: ‹Gareth Pritchard›.
Pupil: ‹Ella-Rose Simmons›, Year 4
Names: ‹Jack Marsh›, ‹Lucy Field›, ‹Henry Banks›
‹Sienna›'s dad rang the office.
‹Tyler B› and ‹Tyler M› were mixed up.
the medical form of ‹Jayden› was missing
‹Fatoumata Diallo›'s social worker
We think that ‹Ahmed› saw it.
‹Dr A Singh› from the surgery rang back.
‹Kirsty Macdonald› sent it to ‹Fiona MacDonald›.
A note on ‹Mohammed Rahman› was found by ‹Mrs D. Pearce›.
‹HANNAH WRIGHT› - Year 6 - Free School Meals
It concerns ‹Alfie Ward› and his sister ‹Millie›.
‹Ravi Sharma› told ‹Sunita Sharma›.
‹Nadia Ivanova› is the mother of ‹Ivan Dimitrov›.
Sent by ‹S. Bradley› on behalf of the Headteacher
The foster carer of ‹Mason Doyle› is not to be contacted.
‹Thandiwe Moyo›'s address was disclosed to her father.
‹Blessing Okoro› was named in the newsletter.
The child ‹Summer Louise Hart› is on the list.
‹Charlie Cooper-West› received the letter for ‹Charlie Cooper›.
‹Saoirse Byrne› and ‹Caoimhe Byrne› are twins.
‹Wei Zhang› and ‹Xin Li› were in the photo.
‹Ji-woo Park› was absent.
‹Hamza›: detention on Tuesday
We wrote to the parents of ‹Gabriel Santos›.
‹Wiktoria Kamińska›’s passport scan
‹Ayesha› told her friend.
‹Dominic Gray› and ‹Francis Gray›
A parent, ‹Mr Stevens›, opened it.
‹Bethany Rose Miller›'s dyslexia report was on the printer.
‹Joshua (Josh) Elliott› was named.
‹Mr van Dijk› heeft het gemeld.
De leerling ‹Sem de Vries› stond op de lijst.
‹Daan Jansen› en ‹Fleur Bakker›
‹Emre Kaya› saw the plan of ‹Zeynep Kaya›.
‹Lord Quillby› is a governor.
‹Councillor Hargreaves› was on the mailing list.
‹Rev. Joan Tilley› saw the list.
‹Kofi›'s and ‹Ama›'s reports were swapped.
the list with ‹Priya›, ‹Dev Patel› and ‹Anjali› on it
‹Elijah Grant› and ‹Chase Morgan› were in the picture.
The letter was for ‹Mrs Hill› of 3 Park Lane.
‹Sam Lee› was told.
‹Jo› from the office sent it.
‹Hope Adeyemi›, ‹Grace Adeyemi› and ‹Faith Adeyemi›
‹Iris Johansson› and ‹Olive Pettersson›
‹Georgia› noticed that the page was open.
‹Taylor Higgs› rang ‹Morgan›.
‹Max› is in the photograph.
‹Alma Hernandez› is new.
‹Rhiannon ap Gwilym› rang.
‹Aurelia Finch› is in Year 2.
‹Bartosz›' file
‹Liam Fletcher› has epilepsy and his care plan was left in the hall.
The bursar e-mailed ‹Mrs Fitzgerald› the fees of another family.
I sent ‹Chloe›'s IEP to ‹Mr Barnes›, who is no relation.
It was ‹Nathan Osei›’s laptop.
‹Sophie Anne Parker› (6A) is the child in the photo.
‹P. Lindqvist› asked for the recording.
‹Hussein›, ‹Bilal› and ‹Yahya› are brothers.
Names on the sheet: ‹Adams, Peter›; ‹Bell, Lucy›; ‹Carr, Ellie-Mae›.
‹Tomasz Wójcik›'s mother speaks Polish.
The witness was ‹Ms Penhaligon›.
‹Evie› said that ‹Theo› had shown her the screen.
‹Ellie-Mae› saw it first.
We rang ‹Dr Chowdhury› at once.
‹Jasmine Ward› lives with her foster carer.
‹Rayan›’s social care file
‹Kaitlyn MacKenzie› and her brother ‹Connor›
‹Lola Fernandes› is looked after by ‹Mr and Mrs Fernandes›.
‹Amara Nwosu› told ‹Miss Clarke›.
‹Gurpreet Singh› wrote to the chair.
The address of ‹Beth Lowe› was in the header.
CC: ‹Andrew Finch›, ‹Louise Moss›
Parent of ‹Marcus› in 5D
‹Ellis Rowe› was excluded.
‹Tia Marsh-Hall› and ‹Teddy›
‹DYLAN PRICE› 9C
‹Frankie› is non-binary; ‹Frankie›'s old name was shown.
‹Nikolai Volkov›'s visa
‹Tariq›'s and ‹Samira›'s letters
‹Mrs. Achterberg› is the carer.
‹Jakub› and ‹Zuzanna Nowicka›
‹Luca› told ‹Aria› the password.
‹Alex Turnbull› is a trainee.
‹Rhys›' notes
‹Mrs Abdi› does not read English.
The twins ‹Ada› and ‹Alan›
‹Will Foster› and ‹May Foster›
letter for ‹ms okafor› and ‹mr li›
the child ‹leila hassan› was named
‹Kelechi› is the pupil's name.
‹Bobby-Joe Smith› opened the door.
""".splitlines()
"""Invented people with common names, each between ‹ and ›."""

INNOCENT = """\
The Year Six teacher e-mailed the wrong parent.
Class Charts showed other pupils' behaviour points.
The laptop was left on a First Great Western train on Friday.
Marks for May were published.
The Chair of Governors was told at 4pm on Monday 3 June.
We use SIMS, Arbor and ParentPay.
The UPN of each pupil was in column B.
The Data Protection Lead told the Head Teacher at once.
The Headteacher informed the Data Protection Officer in April.
Google Classroom was open to the whole of Year Four.
A message in Microsoft Teams was seen by all staff.
Example Primary School has 210 pupils on roll.
Kent County Council was informed on Tuesday.
The parcel was posted from the Post Office in Victoria Road.
St Mary's Primary School received our letter by mistake.
Royal Mail returned the envelope on 5 August.
Parent Mail sent the newsletter twice.
Will the governors be told in June?
May we send the list to Devon County Council?
Mark schemes and marks of Key Stage 2 pupils were in the folder.
Will Year Five parents be told before the Autumn Term?
In Summer the school moved to Office 365.
The Summer Term newsletter named no pupil.
The Autumn Census was sent to the Department for Education.
The trip to Paris was in Florence House newsletter.
A coach to Chester Zoo was booked through Evolve.
The Lincoln Trust is our processor.
Jordan and Kent were the countries and counties in the quiz.
We hope that the Grace Period of the licence is enough.
The Faith Leaders visit was on Wednesday.
The Rose Room printer kept a copy.
Hope House and Poppy Class were affected.
The Daisy Class register was lost between Monday and Thursday.
Robin Class and Ruby Group use the same tablet.
Parents of Oak Class received the list of Willow Class.
An e-mail was sent with Cc instead of Bcc.
The SENDCO left the EHCP on the photocopier.
The CCTV recording shows the playground at noon.
A Year 9 pupil guessed a teacher's password.
The Bursar opened a phishing e-mail about an invoice.
The Deputy Headteacher changed all passwords on Thursday evening.
The Safeguarding Lead keeps CPOMS records for six years.
The Local Authority Designated Officer has been told.
The Clerk to the Governors sent the minutes of Part B.
The Information Commissioner's Office gave a reference.
The DPO is an outside service in Exampleton.
Art and Design marks were visible to Year 10.
English, French and Religious Studies results were mixed up.
The A Level results of 30 pupils were e-mailed to Year 12.
Option B Geography and Option C History lists were swapped.
Plan B was to ring all parents.
Vitamin D forms and Hepatitis B consent forms were mislaid.
The network manager found malware on the X Drive.
The H Drive was encrypted by ransomware on New Year's Eve.
A memory stick was lost between school and the Town Hall.
The Master List was on the Master Spreadsheet.
Miss a lesson and the system writes to your parents.
The Sims database and Bill payments were not affected.
The Data Protection Act 2018 and the Data Protection Bill were cited.
A Pupil Premium list was pinned to the staffroom board.
The Parent Portal and Parents' Evening booking system were mixed up.
The Parent Teacher Association has its own mailing list.
Student Services sent Student Finance England letters to the wrong pupils.
The Child Protection Officer and Child Benefit office were told.
Pupil Progress meetings are in the Green Room.
Mother's Day cards and Father's Day cards were not affected.
Father Christmas letters were sent with ParentPay.
The Duke of Edinburgh award list was shared.
The Roald Dahl reading list was on the same page.
The Jane Austen Academy and Thomas Telford School share our server.
The list went to Great Ormond Street Hospital.
The pupils met at King's Cross and went to the Science Museum.
It was posted to Queen Elizabeth Hospital in King Street.
Pupils of St George’s and of St Peter and St Paul were on the bus.
The Royal Albert Hall concert list was lost in the Albert Hall.
The school is at the corner of George Street and Albert Road.
Staff at 14 Victoria Street found the folder.
Dr Challoner's Grammar School received it.
Sir Isaac Newton Academy is another school.
The supplier is Capita Education Software Solutions Limited.
Virgin Media and British Telecom were not to blame.
Marks & Spencer vouchers were listed.
Sophos Anti-Virus and Windows Defender found nothing.
Adobe Acrobat printed the hidden layer.
The iPad was left in Costa Coffee near Leeds station.
The file “Year 6 SATs 2027 FINAL.xlsx” was attached.
Three Teaching Assistants and the Office Manager had access.
In March, April and May nobody noticed.
On Friday 1 May the Spring newsletter was sent.
Between 3 June and 5 July 2027 the page was public.
From Easter until Whitsun the folder was shared.
The Amber rating was changed to Red.
The Ofsted inspector and the Diocese of Exeter were informed.
A Christian school and a Muslim school use the same app.
Gypsy, Roma and Traveller families were marked in the list.
Islam, Sikhism and Judaism were the topics.
Pupils who take Iris Connect lessons were not affected.
The Times Tables Rock Stars league table shows nicknames only.
PE kit lists, ICT codes and PSHE groups were on one sheet.
THE LIST WAS SENT TO ALL PARENTS OF YEAR SIX.
PLEASE MARK AS URGENT. YOU MAY NOT FORWARD THIS.
A. The list was sent. B. Parents rang. C. The list was recalled.
A. Immediate steps: recall. B. Further steps: training.
The E Safety policy and the G Suite settings were reviewed.
Ms Word was mistyped; MS Teams and MS Excel were meant.
The message took 200 ms longer than usual.
Grant funding and Chase letters were in the same folder.
Nothing was lost; we were lucky, and Grace under pressure helped.
Sixth Form applicants and Early Years families got each other’s letters.
The Multi Academy Trust, the Diocese and the Regional Director were told.
Brook Street Bureau supplies our Supply Teachers.
The number of pupils rose from 30 to 45.
A parent said: “Will you tell the ICO?”
Dear Parents, we are writing about a data breach.
Dear Sir or Madam, please delete our e-mail.
Yours sincerely, The Headteacher
Autumn 1 and Summer 2 assessment data were overwritten.
A spreadsheet with SEN data was uploaded to the public website by the Admin Assistant.
An email meant for Year 3 parents went to everyone in the Contacts list on ParentMail.
Our IT support company, Example Networks Ltd, restored the server from Sunday's backup.
The Year 11 Mock Exam results were left in the Drama Studio.
The Finance Officer clicked on a link in an email that looked like it came from Amazon.
A Chromebook was stolen from the Science Lab between 6pm on Thursday and 7am on Friday.
The School Business Manager reported the loss to Action Fraud and to Devon and Cornwall Police.
The annual report of Pupil A was put into the book bag of Pupil B.
Child A and Child B are siblings; Parent C saw the report.
Mr X and Mrs Y, as we call them here, were told.
The Head of Maths shared a link in Google Drive with “anyone with the link”.
The Phase Leader printed the class list for the trip to London Zoo.
Tapestry journals of two children in Ladybirds were linked to the wrong parents.
A letter from CAMHS was filed under the wrong pupil in CPOMS.
The contractor (Capita SIMS) said that no data had left the United Kingdom.
A teaching assistant posted a photograph from Sports Day on Facebook.
The Nursery used WhatsApp to tell parents about Nativity costumes.
On Monday morning the Office Manager noticed that the Reception filing cabinet was open.
The free school meals list was visible on the Interactive Whiteboard during Assembly.
The attendance certificate was given out at the Harvest Festival.
The ransomware group claimed to have taken 3 GB of data, including HR files.
We have reported the matter to the National Cyber Security Centre and the Department for Education.
The DPO advised on 12 March that the ICO be notified under Article 33 of the UK GDPR.
The Pupil Referral Unit and the Virtual School were copied in.
Parents were told by text on Saturday, 8 May.
School photographs by Tempest were sent to the wrong homes.
The Wraparound Care provider keeps its own register.
The Sage payroll file was e-mailed without a password.
The MIS is hosted by Arbor Education Partners.
The Exams Officer sent the AQA entries to the wrong centre.
BTEC Level 3 coursework was lost when the Moodle server failed.
The Premises Manager left the keys in the Sports Hall.
Governors use GovernorHub; the Part Two minutes were public for an hour.
We use Wonde to share data with Times Tables Rockstars and Accelerated Reader.
The Biometric cashless system from Live Register failed on Tuesday.
Staff at the Willows Children's Centre received our referral.
The Educational Psychologist's report on a Year 2 boy was left on a Stagecoach bus.
The West Midlands Ambulance Service was given the medical form.
The laptop had BitLocker; the key is held by the Trust in Birmingham.
The May half-term holiday club list was e-mailed to Premier Education.
During the Christmas holidays the Print Room was unlocked.
The choir list for Young Voices named 40 pupils.
Ed Tech and Ed Psych services were reviewed.
The letter said “Private and Confidential” on the envelope.
We followed the Data Breach Procedure, Appendix 2.
The Welsh Government and Estyn were told.
It affected pupils with an Education, Health and Care Plan.
The PTA Christmas Fair list was in Canva.
Bikeability forms and Forest School forms were mixed up.
The Reception baseline and the Phonics Screening Check were on the same sheet.
A member of staff used Reply All to an e-mail to Year 8 and Year 9 parents.
The phishing message pretended to be from the Headteacher and asked for iTunes gift cards.
World Book Day photographs were on the PTA page.
The Anglican Schools Trust and the Catholic Diocese of Plymouth were informed.
Remote access through TeamViewer was found on the Bursary PC.
The SLT met on Wednesday; the Executive Headteacher attended by Zoom.
A cover supervisor projected SIMS on the board in Room 12.
The list of Looked After Children was saved to the Staff Shared area.
The Learning Mentor's diary was found in Tesco by a member of the public.
An Accelerated Learning Group list was photographed and put on Snapchat.
A pupil in Year 7 signed in as a teacher in Satchel One.
Parents could see each other's addresses in Edulink One and MyChildAtSchool.
The Open Evening sign-up sheet was on a table in the Main Hall.
A visitor could read the Inventry screen at Reception.
The Youth Offending Team received the wrong file.
HMRC letters and P45 forms of staff were in the bin.
The Great Fire of London display included surnames.
Hertfordshire Catering and Chartwells hold the allergy lists.
The School Improvement Partner was not told.
Pupils in Key Stage 1 (Apple Class, Cherry Class and Plum Class) were affected.
The email was sent by Outlook's auto-complete to a person at NHS Lothian.
Form 7B and form 7C lists were swapped.
Sent from my iPhone
The report says that Section 175 duties were met.
Thank you for letting us know. Kind regards, The School Office
The supplier, Vigilo, and its host, Microsoft Azure, confirmed the facts.
From September, the school will use Bromcom.
In Autumn 2026 the Trust bought Sophos Intercept X.
The Royal Borough of Kensington and Chelsea was told.
Kingston upon Hull City Council answered on 3 April.
The cyclist found it near Victoria Station in Manchester.
The Jordan family of products is not used here.
Pupils at Florence Nightingale Academy were not affected.
The Will Adams Centre is a pupil referral unit.
The coach left from Lincoln Road and stopped at Warwick Castle.
Breakfast Club and After School Club registers were left at Brook House.
A Level 2 certificate and a Level 3 certificate were swapped.
We informed the Police on 101 and got a crime number.
Exampleton Town Council keeps the hall bookings.
The Friends of Example School Facebook page showed the list.
The Computing Lead blocked the account; Google Workspace shows the logins.
Pat testing labels and PAT reports were not personal data.
Art, Drama and PE marks.
Joy of Reading certificates were sent out.
The Golden Time list and the Star of the Week list were on the door.
A parent rang at 8.15 and spoke to the Receptionist.
There was no Faith Schools data in the file.
Carol Concert tickets and the Easter Egg hunt list were e-mailed.
The Angel of the North trip letter was fine.
The Head of Year spoke to the parents of both pupils on Tuesday 9 November.
A USB drive with Year 10 coursework photographs was left in a taxi in Sheffield.
The Site Manager found the confidential waste bag torn open behind the Sports Pavilion.
An Outlook rule forwarded all mail of the Principal to an outside Gmail address.
The attacker used the compromised account to send 412 phishing e-mails through Exchange Online.
Multi-factor authentication was off for the Admissions Officer because she had a new phone.
Two Individual Healthcare Plans were swapped by the Welfare Officer.
A supply teacher from Protocol Education took the seating plan home.
The Speech and Language Therapist sent the report unencrypted.
The Y6 leavers' hoodies list, with full names, was on the noticeboard in Costcutter.
A parent governor forwarded the draft minutes to her husband by mistake.
The Wi-Fi password was on the whiteboard, visible in a TikTok video.
Our website host, WordPress, had an out-of-date plug-in called Gravity Forms.
Reports for 7C were merged with the wrong addresses in a Word mail merge.
The Ukrainian and Afghan families list was shown during Collective Worship.
The Bishop of Exampleton's office holds the foundation governor forms.
Lunchtime Supervisors were given a Red, Amber and Green list of behaviour.
The Inclusion Manager sent an Early Help Assessment to the Health Visitor.
Trip consent forms (Mount Cook Adventure Centre, Derbyshire) were lost.
Barclays and Lloyds details of four suppliers were in the same inbox.
On the Isle of Wight the ferry company found the folder.
The Ash Dieback survey was in the same drawer; nothing personal in it.
Children in Need photographs were posted to X and to Instagram.
Miss-sent letters are usually caught in the office.
The Dell laptop and the HP printer had no encryption.
A Freedom of Information reply contained a hidden worksheet.
The Subject Access Request bundle had not been redacted on page 14.
Please see the Timeline below. Discovered: Monday. Contained: Monday. Reported: Wednesday.
Cause: human error. Category: confidentiality. Risk: low.
The Teachers' Pensions file went to Essex instead of to Sussex.
Pupils logged in to Lexia, Nessy and Doodle Maths with the same password.
A Year Group Leader told the Principal's PA.
The Bluebell Room key was missing on Saturday and on Sunday.
We thank the Information Governance Team at Wiltshire Council.
Both laptops run Windows 11 Pro; FileVault is on for every Mac.
The DBS numbers of six volunteers were on the Single Central Record.
In the Lent Term the Chaplain's notes were left in St Cuthbert's Chapel.
The Jewish Chronicle and the Daily Mail asked for a comment.
The King's Coronation tea list was published with dietary needs.
A Google Form called “Parent Voice 2027” showed earlier answers.
It was sent via Groupcall Messenger to all of Key Stage 3.
Mock interview sheets from Rotary were scanned.
The Adult Social Care team and the Virtual School Head were told.
The Swim Squad list; the Cross Country list; the Chess Club list.
No Child Left Behind is not a UK law.
The Homework Diary of a pupil in 8R was found at the Odeon.
Hello, we have an urgent problem with the Bromcom Student Portal.
Lost: one red folder marked SEND, from the Staff Room.
The Exams Invigilator took a photo of the JCQ poster and of the desk plan.
""".splitlines()
"""What schools type into a breach report, with no person’s name in it."""

IDENTIFIERS = [
    ("email_address", "Please write to ‹jane.doe@example.org›."),
    ("email_address", "It went to ‹o'neill+school@mail.example.org.uk›, not to the office."),
    ("phone_number", "Ring ‹01632 960000› today."),
    ("phone_number", "Tel:‹07700 900123›."),
    ("phone_number", "Ring ‹07700900123› or not at all"),
    ("phone_number", "The number is ‹(01632) 960000›; keep it."),
    ("phone_number", "The office/‹01632-960000› was asked."),
    ("phone_number", "The number is ‹020 7946 0000›."),
    ("phone_number", "From abroad: ‹+44 7700 900123›."),
    ("phone_number", "From abroad: ‹+44 (0)1632 960000›."),
    ("phone_number", "From abroad: ‹0044 7700 900 123›."),
    ("phone_number", "In the Netherlands ‹+31 6 12345678› is asked."),
    ("phone_number", "In the Netherlands ‹+31-20-123 4567› is asked."),
    ("phone_number", "In the Netherlands ‹06-12345678› is asked."),
    ("upn", "The UPN ‹A000200001001› was on the sheet."),
    ("upn", "The temporary UPN ‹A00020000101B› was on the sheet."),
    ("upn", "The UPN ‹a000200001001x› was mistyped."),
    ("upn", "The UPN ‹A 000 2000 01 001› was spaced."),
    ("national_insurance_number", "Her number ‹AB123456C› was shown."),
    ("national_insurance_number", "Her number ‹AB 12 34 56 C› was shown."),
    ("nhs_number", "The card has ‹999 012 3454› on it."),
    ("nhs_number", "The card has ‹9990123454› on it."),
    ("bsn", "The list has ‹111222333› in it."),
    ("bsn", "Burgerservicenummer ‹123456782›."),
    ("address", "They live at ‹14 Mill Lane, EX1 1AA›."),
    ("address", "They live at ‹14b St Mary’s Road, Exampleton, Devon EX1 1AA›."),
    ("address", "they live at ‹14 mill lane, exampleton ex1 1aa›"),
    ("date_of_birth", "A pupil ‹born 3 May 2014› was named."),
    ("date_of_birth", "A pupil ‹born on the 3rd of May 2014› was named."),
    ("date_of_birth", "The sheet says ‹DOB 03/05/2014›."),
    ("date_of_birth", "The sheet says ‹d.o.b. 3.5.14›."),
    ("date_of_birth", "The sheet says ‹date of birth: 2014-05-03›."),
    ("date_of_birth", "The sheet says ‹3 May 2014 (DOB›)."),
]

NO_IDENTIFIERS = [
    "The UPN, DOB and NHS number of each pupil were in the file.",
    "A pupil born in 2014 is in Year 6.",
    "Their dates of birth were shown on 3 June 2027 for 20 minutes.",
    "All 30 pupils at EX1 1AA were told.",
    "On 3 June Mill Lane School, EX1 1AA, was told; Year 6 Exampleton EX1 1AA too.",
    "The page was public between 01.02.2027 10.30 and 03-02-2027 11:45.",
    "Lessons at 0900 1030 1100 were not affected.",
    "Case 100001-2PMDMMZ1, reference IC-000000-X0X0, at 2027-01-14T07:40:00+00:00.",
    "A check digit that is wrong: 999 012 3455, 9990123455, 123456789.",
    "A longer number 1234567820 and a part of one, 123456782-1; £123456782.",
    "The example numbers QQ123456C and GB123456A are given to nobody.",
    "The dummies 0000000000, 1111111111 and 000000000.",
    "Follow @example on the web, not jane@localhost.",
    "Childline has 0800 1111.",
    "Our file AB-123456782, their file AB/9990123454; the printer is 4471-07700900123.",
    "",
]

KINDS_OF_NAME = {
    "title_and_name",
    "first_name_and_surname",
    "first_name",
    "surname_and_first_name",
    "surname_and_initial",
    "initial_and_surname",
    "family_name",
    "named_person",
}


def marked(line: str) -> tuple[str, list[tuple[int, int]]]:
    """A line without its marks, and where the marked parts stand."""
    parts = re.split("[‹›]", line)
    edges = [sum(map(len, parts[:number])) for number in range(1, len(parts))]
    return "".join(parts), list(zip(edges[::2], edges[1::2], strict=True))


def names_in(text: str, allowed: frozenset[str] = frozenset()) -> list[str]:
    """What the search marks, as text: in a test it may be looked at."""
    return [text[found.start : found.end] for found in possible_names(text, first_names(), allowed)]


def touches(found: Found, part: tuple[int, int]) -> bool:
    """Whether a finding and a part share a letter."""
    return found.start < part[1] and found.end > part[0]


def test_at_least_95_in_100_names_are_found() -> None:
    """And as many sentences keep no word of a name once the findings are left out."""
    assert len(WITH_NAMES) >= 60
    missed, kept, names = [], [], 0
    for line in WITH_NAMES:
        text, parts = marked(line)
        found = possible_names(text, first_names())
        names += len(parts)
        missed += [text[start:end] for start, end in parts if not any(touches(one, (start, end)) for one in found)]
        left = set(re.findall(r"\w+", without_names(text, first_names())))
        words = {word for start, end in parts for word in re.findall(r"\w{4,}", text[start:end])}
        kept += [line] if words & left else []
    assert len(missed) <= 0.05 * names, missed
    assert len(kept) <= 0.05 * len(WITH_NAMES), kept


def test_at_most_3_in_100_innocent_sentences_give_an_alarm() -> None:
    """Nor are words beside a name taken for another."""
    assert len(INNOCENT) >= 60
    alarms = {line: names_in(line) for line in INNOCENT if names_in(line)}
    assert len(alarms) <= 0.03 * len(INNOCENT), alarms
    beside = [
        (line, text[found.start : found.end])
        for line in WITH_NAMES
        for text, parts in [marked(line)]
        for found in possible_names(text, first_names())
        if not any(touches(found, part) for part in parts)
    ]
    assert len(beside) <= 0.03 * len(WITH_NAMES), beside


def test_innocent_sentences_and_names_hold_no_certain_identifier() -> None:
    """Forms, not guesses: no false alarm is allowed here."""
    assert [line for line in (*INNOCENT, *WITH_NAMES, *NO_IDENTIFIERS) if certain_identifiers(line)] == []


@pytest.mark.parametrize(("kind", "line"), IDENTIFIERS)
def test_a_certain_identifier_is_found_exactly(kind: str, line: str) -> None:
    """From its first character to its last, with its kind and the number of its word."""
    text, [(start, end)] = marked(line)
    word = len(text[: start + 1].split())
    assert certain_identifiers(text) == (Found(kind=kind, start=start, end=end, word=word),)


def test_several_identifiers_are_told_in_their_order() -> None:
    """Each once, even where two stand side by side."""
    text = "020 7946 0000 01632 960000, jane@example.org;AB123456C"
    kinds = ["phone_number", "phone_number", "email_address", "national_insurance_number"]
    assert [found.kind for found in certain_identifiers(text)] == kinds
    assert [found.word for found in certain_identifiers(text)] == [1, 4, 6, 6]


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("We told Mr Okafor.", "title_and_name", 3),
        ("The file of Jane Smith was lost.", "first_name_and_surname", 4),
        ("We told Jane of it.", "first_name", 3),
        ("Row 3: Smith, Jane", "surname_and_first_name", 3),
        ("Row 3: Smith, J.", "surname_and_initial", 3),
        ("It was J. Okafor who rang.", "initial_and_surname", 3),
        ("It was the Quillfeather family.", "family_name", 4),
        ("A pupil called Zebulon saw it.", "named_person", 4),
    ],
)
def test_a_name_is_told_by_its_kind_and_its_word(text: str, kind: str, word: int) -> None:
    """People are sent to the word, and the message needs no more."""
    assert [(found.kind, found.word) for found in possible_names(text, first_names())] == [(kind, word)]


def test_a_finding_never_carries_the_text() -> None:
    """Only a kind and numbers: it can be logged, shown and sent."""
    text = "Jane Smith, jane@example.org"
    findings = (*certain_identifiers(text), *possible_names(text, first_names()))
    assert set(Found.model_fields) == {"kind", "start", "end", "word"}
    assert len(findings) == 2
    for found in findings:
        assert {type(value) for value in found.model_dump().values()} == {str, int}
        assert found.kind in KINDS_OF_NAME | {kind for kind, *_ in CERTAIN}
        assert not any(part in f"{found!r} {in_words(found)}".casefold() for part in ("jane", "smith", "example"))


def test_a_finding_is_said_in_words() -> None:
    """An identifier by what it is, a name as what it looks like."""
    text = "Ask jane@example.org or Jane Smith, born 3 May 2014, UPN A000200001001, in the office."
    said = [in_words(found) for found in certain_identifiers(text)]
    assert said == ["an e-mail address (word 2)", "a date of birth (word 6)", "a Unique Pupil Number (word 11)"]
    assert [in_words(found) for found in possible_names(text, first_names())] == ["what looks like a name (word 4)"]


def test_a_name_that_is_an_ordinary_word_too_counts_only_with_a_surname() -> None:
    """Months, places, virtues and verbs stand at every second capital of a school’s text."""
    words = "May April June Mark Will Grace Rose Hope Faith Summer Autumn Jordan Chelsea Paris Florence Sydney Victoria"
    for word in (*words.split(), "Lincoln", "Chester", "Kent", "Devon"):
        assert names_in(f"{word} was fine. It was {word} again.") == []
    for word in words.split():
        assert names_in(f"We told {word} Thornton at once.") == [f"{word} Thornton"]


def test_a_first_name_belongs_to_the_place_that_is_named_after_it() -> None:
    """A hall is a surname as well: the word before decides."""
    assert names_in("The Jane Austen Academy, Poppy Day, St Mary’s, Queen Elizabeth Hospital, George Street.") == []
    assert names_in("They met in Albert Hall and at 3 Charlotte Court. Dr Challoner’s Grammar School knew.") == []
    assert names_in("We told Emma Hall and Jane Austen of it.") == ["Emma Hall", "Jane Austen"]


def test_the_letters_of_a_list_are_no_initials() -> None:
    """They have neighbours; a lone initial has a surname."""
    assert names_in("A. Immediate steps: recall.\nB. Further steps: training.") == []
    assert names_in("Class B Jenkins and Plan C Okafor") == []
    assert names_in("A. Okafor rang. We told B. Kowalska.") == ["A. Okafor", "B. Kowalska"]


def test_what_is_allowed_is_nobodys_name() -> None:
    """The school’s own name, its services, its officers: in any letters, and only as they were given."""
    allowed = frozenset({"Jane Austen", "oliver’s app", "Alex Turnbull", ""})
    assert names_in("Jane  Austen uses Oliver's App; ALEX TURNBULL is the DPO.", allowed) == []
    assert names_in("Jane Austen-Smith and Alex Turnbull Reid, Oliver", allowed) == [
        "Jane Austen-Smith",
        "Alex Turnbull Reid",
        "Oliver",
    ]
    assert names_in("We told Jane Smith Alex Turnbull", allowed) == ["Jane Smith"]


def test_small_letters_count_only_where_little_else_is_meant() -> None:
    """After a word for a person or a title, or where two first names stand together."""
    assert names_in("pupil jane doe, mr okafor and oliver thomas") == ["jane doe", "mr okafor", "oliver thomas"]
    assert names_in("the pupil may mark a rose; we hope for a miss; 200 ms later the robin sang") == []


def test_a_letter_that_stands_for_a_person_is_no_name() -> None:
    """That is how a report leaves names out."""
    assert names_in("We call them Mr X, Mrs Y, Pupil A, Child B and Parent C.") == []


def test_capitals_count_as_a_name_only_with_a_first_name() -> None:
    """Acronyms and shouting stay."""
    assert names_in("The card of JANE DOE, CLASS 3") == ["JANE DOE"]
    assert names_in("THE OFFICE TOLD JANE DOE OF IT AT SCHOOL") == ["JANE DOE"]
    assert names_in("ELSA, LEA SEN, MIS, PE, PLEASE MARK ALL AS READ, MAY DAY, YOU WILL NOT") == []


def test_accents_and_their_absence_are_one() -> None:
    """Composed, decomposed or left out, in the text or in the dictionary."""
    for given_name in ("Zoë", unicodedata.normalize("NFD", "Zoë"), "Zoe"):
        for known in ("zoë", "zoe", unicodedata.normalize("NFD", "zoë")):
            assert len(possible_names(f"We told {given_name}.", frozenset({known}))) == 1


def test_the_dictionary_alone_decides_which_first_names_there_are() -> None:
    """The rules hold no list of names."""
    assert possible_names("We told Jane of it.", frozenset()) == ()
    assert len(possible_names("We told Zebulon of it.", frozenset({"zebulon"}))) == 1


def test_a_paper_for_governors_has_no_names() -> None:
    """Names and identifiers are left out, and the rest stays as it was."""
    text = "Jane Smith (jane@example.org, DOB 03/05/2014) of 14 Mill Lane, EX1 1AA\ntold Mr Okafor on 07700 900123."
    assert without_names(text, first_names()) == (
        "[name left out] ([identifier left out], [identifier left out]) of [identifier left out]\n"
        "told [name left out] on [identifier left out]."
    )
    assert without_names(text, first_names(), frozenset({"Jane Smith"})).startswith("Jane Smith (")
    # A number that looked like a part of a code while the name stood before it.
    assert without_names("Jane/9990123454", first_names()) == "[name left out]/[identifier left out]"
    untouched = "Class Charts showed other pupils’ behaviour points."
    assert without_names(untouched, first_names()) == untouched


SAMPLES = """\
Jane|jane|JANE|Smith|Mr|mr|St|st.|King|van|de|the|pupil|called|Will|May|Grace|Hall|School|O’Neill|al-Hassan|Zoë|Łukasz
,|.|;|:|-|_|'|’s|(|)|[|]|[name left out]|[identifier left out]|left|name|out|0|14|7|01632|960000|+44|@|J.|A|I|Lily-May
jane@example.org|EX1 1AA|Mill Lane,|born 3 May 2014|DOB|03/05/2014|A000200001001|AB123456C|999 012 3454|111222333|UPNs
İ|ß|ǅ|中|١٢"""
PIECES = [*SAMPLES.replace("\n", "|").split("|"), "\n", "\n\n", "\u0300", "\x00", "\u00a0"]
WORDS = st.lists(st.sampled_from(PIECES))
TEXTS = st.one_of(st.text(), WORDS.map(" ".join), WORDS.map("".join))
ALLOWED = st.frozensets(st.sampled_from(["Jane", "Jane Smith", "Hall School", "(", "  ", "[name left out]", "’s"]))
DICTIONARIES = st.sampled_from([first_names(), frozenset(), frozenset({"name", "left", "out", "identifier", "zoë"})])


@settings(max_examples=300, deadline=None)
@given(TEXTS, DICTIONARIES, ALLOWED)
@example("Jane Doe", frozenset({"jane"}), frozenset())
def test_every_text_is_read_and_findings_lie_in_it(text: str, names: frozenset[str], allowed: frozenset[str]) -> None:
    """In order, apart from one another, and with the number of the word in which each begins."""
    for findings in (certain_identifiers(text), possible_names(text, names, allowed)):
        before = 0
        for found in findings:
            assert before <= found.start < found.end <= len(text)
            assert found.word == len(text[: found.start + 1].split())
            before = found.end


@settings(max_examples=300, deadline=None)
@given(TEXTS, DICTIONARIES, ALLOWED)
@example("07700 900123A000200001001 999 012 3454@example.org", frozenset(), frozenset())
def test_nothing_is_found_in_what_is_left(text: str, names: frozenset[str], allowed: frozenset[str]) -> None:
    """Neither an identifier nor a name, so to do it twice changes nothing."""
    left = without_names(text, names, allowed)
    assert certain_identifiers(left) == ()
    assert possible_names(left, names, allowed) == ()
    assert without_names(left, names, allowed) == left


@given(st.integers(0, 10**9 - 1))
def test_every_nhs_number_with_its_check_digit_is_found(number: int) -> None:
    """And with another digit it is none: modulus 11."""
    digits = f"{number:09}"
    check = (11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11
    found = {one for one in range(10) if certain_identifiers(f"No {digits[:3]}-{digits[3:6]}-{digits[6:]}{one}.")}
    telephones = {one for one in range(10) if digits[0] == "0" and digits[1] in "1235678"}
    assert found - telephones == ({check} - telephones if check < 10 and set(digits) != {str(check)} else set())


def test_the_dictionary_knows_pupils_and_leaves_words_alone() -> None:
    """Names of many origins that are common in British and Dutch schools; none that every report is full of."""
    common = (
        "muhammad mohammed aisha oliver olivia arlo maryam kaur priya zainab tyrell kayleigh noah amelia isla freya zoe"
        " lukasz siobhan niamh rhys angharad callum eilidh oluwaseun chidinma kwame abdirahman hodan yusuf fatima hamza"
        " gurpreet jasleen arjun ananya tharushan mei wei linh andrei ioana kacper zuzanna oleksandr dmytro ermal"
        " besart emre zeynep dilan mateus ines joao sem daan fleur thijs anne-marie tanisha latoya jayden evie teddy"
    )
    missing = {name for name in common.split() if name.split("-")[0] not in first_names()}
    assert len(first_names()) > 10_000
    assert len(missing) <= 2, missing
    words = "an my made over said love server job can so us do the side man per else lot long we list data form sad"
    assert set(words.split()) & first_names() == set()
    assert all(name == name.casefold() and name.isascii() for name in first_names())


def test_the_dictionary_is_read_only_when_it_is_used() -> None:
    """Starting the program does not pay for it, and it is read once."""
    code = (
        "import sys, adapters.first_names as names; before = 'faker' in sys.modules;"
        "assert names.first_names() is names.first_names(); print(before, 'faker' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.split() == ["False", "True"]
