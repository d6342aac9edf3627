extension CodeTables {
    /// Labels, roles, functions, lawful bases, conditions, caveats, offices and the other closed lists of the language.
    ///
    /// Columns: kind; code; use; in force from (`-` = long established); meaning with its source. The use says, of a
    /// basis, who may rely on it (`any`, `private` = not a public body, `part-3` = competent authorities); of a condition,
    /// which processing it is for (`general`, `part-3`); of a caveat, how it binds the next share (`forbid`, `ask`,
    /// `purpose`, `side`, `mark`).
    static let codes = """
        label|record|-|-|type, time, place, facts and the partner summary of an entry
        label|identity|-|-|names and dates of birth
        label|contact|-|-|address and telephone
        label|safe-contact|-|-|how, when and where the victim can be reached without danger
        label|risk|-|-|risk answers, scores, bands and the reasons for them
        label|reporter|-|-|who told us
        label|account|-|-|the full account in the teller's own words
        label|consent|-|-|what the victim agreed to, how and when
        label|pointer|-|-|a coded skeleton without names, area no finer than a ward
        label|health|-|-|physical and mental health, substance treatment
        label|care|-|-|involvement of social care
        label|child|-|-|children: who they are, what they saw and said
        label|household|-|-|relationships, household, associates
        label|offending|-|-|convictions, cautions, allegations
        label|housing|-|-|tenancy, arrears, enforcement
        label|finance|-|-|debts and benefits
        label|education|-|-|school, attendance, exclusion
        label|equality|-|-|ethnicity, religion, orientation, disability
        label|intelligence|-|-|graded intelligence, as the line that was cleared for release
        label|statistics|-|-|depersonalised counts and times
        role|police|-|-|police force
        role|district-council|-|-|district or borough council
        role|county-council|-|-|county or unitary council
        role|landlord|-|-|registered provider of social housing
        role|fire|-|-|fire and rescue service
        role|victim-service|-|-|commissioned service for victims
        role|probation|-|-|probation service
        role|prison|-|-|prison
        role|health|-|-|health body
        role|social-care|-|-|adult or children's social care authority
        role|education|-|-|school or college
        role|youth-justice|-|-|youth justice service
        role|substance-misuse|-|-|service for people who use drugs or alcohol
        role|domestic-abuse|-|-|domestic abuse service
        role|licensing|-|-|licensing authority or trading standards
        role|policing-body|-|-|police and crime commissioner or mayor
        role|job-centre|-|-|Jobcentre Plus
        role|immigration|-|-|immigration enforcement
        role|voluntary|-|-|voluntary body
        role|reviewer|-|-|independent chair or author of a review
        role|analyst|-|-|analyst for the partnership
        role|subject-adviser|-|-|whoever advises or acts for the subject
        function|social-care|-|-|the party is also a social care authority
        function|health|-|-|the party is also a health authority
        basis|consent|any|-|the person agreed (UK GDPR Art 6(1)(a))
        basis|legal-obligation|any|-|the law requires it (UK GDPR Art 6(1)(c))
        basis|vital-interests|any|-|to protect somebody's life (UK GDPR Art 6(1)(d))
        basis|public-task|any|-|a task in the public interest (UK GDPR Art 6(1)(e))
        basis|recognised-interests|private|2026-02-05|recognised legitimate interest (UK GDPR Art 6(1)(ea), \
        Data (Use and Access) Act 2025 Sch 4; commencement as reported, SI 2026/82)
        basis|legitimate-interests|private|-|legitimate interests (UK GDPR Art 6(1)(f))
        basis|law-enforcement|part-3|-|a law enforcement purpose (DPA 2018 s.35)
        condition|dpa-sch1-6-statutory|general|-|statutory purposes (DPA 2018 Sch 1 para 6)
        condition|dpa-sch1-10-unlawful-acts|general|-|unlawful acts (DPA 2018 Sch 1 para 10)
        condition|dpa-sch1-18-safeguarding|general|-|safeguarding (DPA 2018 Sch 1 para 18)
        condition|dpa-sch8-1-statutory|part-3|-|statutory purposes (DPA 2018 Sch 8 para 1)
        condition|dpa-sch8-2-justice|part-3|-|administration of justice (DPA 2018 Sch 8 para 2)
        condition|dpa-sch8-3-vital|part-3|-|vital interests (DPA 2018 Sch 8 para 3)
        condition|dpa-sch8-4-safeguarding|part-3|-|safeguarding (DPA 2018 Sch 8 para 4)
        condition|art9-2-a-consent|general|-|explicit consent (UK GDPR Art 9(2)(a))
        condition|art9-2-c-vital|general|-|vital interests, unable to consent (UK GDPR Art 9(2)(c))
        condition|art9-2-h-care|general|-|health or social care (UK GDPR Art 9(2)(h), DPA 2018 Sch 1 para 2)
        caveat|no-onward|forbid|-|not to be passed on to anybody else
        caveat|ask-before-sharing|ask|-|to be passed on only when the sender has agreed
        caveat|same-purpose|purpose|-|to be passed on only for the purpose it was shared for
        caveat|no-contact-with-subject|side|-|not to be used in or before contact with the subject
        caveat|professionals-only|side|-|not to be shown to the people it is about
        caveat|no-copy|mark|-|not to be copied into another system
        caveat|ask-first|mark|-|ask the sender before acting on it
        office|data-protection-officer|-|-|data protection officer
        office|caldicott-guardian|-|-|Caldicott guardian
        office|community-safety-manager|-|-|community safety manager
        office|head-of-housing|-|-|head of housing
        office|chief-officer|-|-|chief officer or chief executive
        office|safeguarding-lead|-|-|designated safeguarding lead
        office|senior-information-risk-owner|-|-|senior information risk owner
        person|victim|-|-|harmed by what is alleged
        person|subject|-|-|alleged to have done it
        person|convicted|-|-|found to have done it
        person|witness|-|-|saw or knows something
        person|reporter|-|-|told an agency
        person|child|-|-|under 18
        person|family|-|-|of the household or family
        person|professional|-|-|acts for an agency
        trigger|case-closed|-|-|the case was closed
        trigger|last-involvement|-|-|the last involvement of the agency
        trigger|received|-|-|it was received
        trigger|visit-made|-|-|the visit was made
        trigger|support-ended|-|-|the support ended
        trigger|tenancy-ended|-|-|the tenancy ended
        trigger|review-published|-|-|the review was published
        trigger|plan-ended|-|-|the plan ended
        trigger|flag-lapsed|-|-|the flag lapsed
        trigger|child-is-25|-|-|the child reached the age of 25
        trigger|quarter-ended|-|-|the quarter ended
        hold|death|-|-|somebody died and a review may follow
        hold|inquest|-|-|a coroner's inquest
        hold|inquiry|-|-|a public inquiry
        hold|litigation|-|-|a claim or prosecution
        hold|ombudsman|-|-|an ombudsman's investigation
        hold|subject-access|-|-|a request for one's own data
        """

    /// The statutory powers and duties that a protocol may name.
    ///
    /// Columns: code; name; in force from (`?` = not known here: the protocol states it); until (`-` = no end); certainty
    /// of the days (`settled`, `reported` = to be checked before adopting); source and limits.
    static let gateways = """
        cda-1998-s115|Crime and Disorder Act 1998 s.115|1998-09-30|-|reported|power, not duty; to relevant authorities \
        or those acting for them, where necessary or expedient for the Act
        cda-1998-s17a|Crime and Disorder Act 1998 s.17A|2007-08-01|-|reported|duty: depersonalised data each quarter \
        (SI 2007/1831); no person
        asbcpa-2014-sch4|Anti-social Behaviour, Crime and Policing Act 2014 Sch 4 para 7|2014-10-20|-|reported|\
        case review: bodies may ask any person, who must comply within the law
        pcsc-2022-s16|Police, Crime, Sentencing and Courts Act 2022 s.16|2023-01-31|-|reported|serious violence duty; \
        not patient information, not personal data from a health or social care authority
        cja-2003-s325|Criminal Justice Act 2003 s.325|2004-04-05|-|reported|MAPPA; the case must be eligible
        ctsa-2015-s38|Counter-Terrorism and Security Act 2015 s.36, s.38|2015-04-12|-|reported|Channel panel
        ca-1989-s47|Children Act 1989 s.47|1991-10-14|-|reported|enquiries about a child at risk of significant harm
        ca-2004-s11|Children Act 2004 s.10, s.11|2005-10-01|-|reported|welfare of children
        cwsa-2026-sharing|Children's Wellbeing and Schools Act 2026, duty to share|?|-|reported|reported Royal Assent \
        29 April 2026, staged commencement; the consistent identifier is off until it is in force
        care-act-2014-s42|Care Act 2014 s.42|2015-04-01|-|reported|enquiry about an adult with care needs at risk
        care-act-2014-s45|Care Act 2014 s.45|2015-04-01|-|reported|a safeguarding adults board may require information
        dvcva-2004-s9|Domestic Violence, Crime and Victims Act 2004 s.9|2011-04-13|-|reported|review after a death; \
        renamed by the Victims and Prisoners Act 2024 s.19
        vpa-2024-encompass|Victims and Prisoners Act 2024, Operation Encompass|?|-|reported|police tell the school \
        before the start of the next school day; section and commencement to be checked
        la-2003-s185|Licensing Act 2003 s.185|2005-11-24|-|reported|licensing functions; premises only
        victims-code-right-4|Code of Practice for Victims of Crime, right 4|2021-04-01|-|reported|referral to a service
        consent-referral|Agreement of the person to the referral|-|-|settled|common law of confidence
        court-order|Order of a court|-|-|settled|what the order names, no more
        emergency|Threat to life or of serious harm, now|-|-|settled|UK GDPR Art 6(1)(d); DPA 2018 Sch 8 \
        para 3; reviewed the next working day
        """
}
