extension CodeTables {
    /// Labels, roles, functions, lawful bases, conditions, caveats and offices.
    ///
    /// Columns: kind, code, who may use it (bases only: `any`, `private` = not a public body,
    /// `part-3` = competent authorities), meaning with its source.
    static let codes = """
        label|record|-|type, time, place, facts and the partner summary of an entry
        label|identity|-|names and dates of birth
        label|contact|-|address and telephone
        label|safe-contact|-|how, when and where the victim can be reached without danger
        label|risk|-|risk answers, scores, bands and the reasons for them
        label|reporter|-|who told us
        label|account|-|the full account in the teller's own words
        label|consent|-|what the victim agreed to, how and when
        label|pointer|-|a coded skeleton without names, area no finer than a ward
        label|health|-|physical and mental health, substance treatment
        role|police|-|police force
        role|district-council|-|district or borough council
        role|county-council|-|county or unitary council
        role|landlord|-|registered provider of social housing
        role|fire|-|fire and rescue service
        role|victim-service|-|commissioned service for victims
        role|probation|-|probation service
        role|health|-|health body
        role|social-care|-|adult or children's social care authority
        role|education|-|school or college
        role|subject-adviser|-|whoever advises or acts for the subject
        function|social-care|-|the party is also a social care authority
        function|health|-|the party is also a health authority
        basis|consent|any|the person agreed (UK GDPR Art 6(1)(a))
        basis|legal-obligation|any|the law requires it (UK GDPR Art 6(1)(c))
        basis|vital-interests|any|to protect somebody's life (UK GDPR Art 6(1)(d))
        basis|public-task|any|a task in the public interest (UK GDPR Art 6(1)(e))
        basis|recognised-interests|private|recognised legitimate interest (UK GDPR Art 6(1)(ea))
        basis|legitimate-interests|private|legitimate interests (UK GDPR Art 6(1)(f))
        basis|law-enforcement|part-3|a law enforcement purpose (DPA 2018 s.35)
        condition|dpa-sch1-6-statutory|-|statutory purposes (DPA 2018 Sch 1 para 6)
        condition|dpa-sch1-10-unlawful-acts|-|unlawful acts (DPA 2018 Sch 1 para 10)
        condition|dpa-sch1-18-safeguarding|-|safeguarding (DPA 2018 Sch 1 para 18)
        condition|dpa-sch8-1-statutory|-|statutory purposes (DPA 2018 Sch 8 para 1)
        condition|dpa-sch8-2-justice|-|administration of justice (DPA 2018 Sch 8 para 2)
        condition|dpa-sch8-3-vital|-|vital interests (DPA 2018 Sch 8 para 3)
        condition|dpa-sch8-4-safeguarding|-|safeguarding (DPA 2018 Sch 8 para 4)
        condition|art9-2-a-consent|-|explicit consent (UK GDPR Art 9(2)(a))
        condition|art9-2-c-vital|-|vital interests, unable to consent (UK GDPR Art 9(2)(c))
        caveat|no-onward|-|not to be passed on to anybody else
        caveat|no-contact-with-subject|-|not to be used in or before contact with the subject
        caveat|no-copy|-|not to be copied into another system
        caveat|ask-first|-|ask the sender before acting on it
        caveat|professionals-only|-|not to be shown to the people it is about
        office|data-protection-officer|-|data protection officer
        office|caldicott-guardian|-|Caldicott guardian
        office|community-safety-manager|-|community safety manager
        office|head-of-housing|-|head of housing
        office|chief-officer|-|chief officer or chief executive
        """

    /// The statutory powers and duties that a protocol may name.
    ///
    /// Columns: code, name, in force from (`-` = long established or to be checked by the
    /// parties), source and limits.
    static let gateways = """
        cda-1998-s115|Crime and Disorder Act 1998 s.115|-|power, not duty; to relevant authorities \
        or those acting for them, where necessary or expedient for the Act
        cda-1998-s17a|Crime and Disorder Act 1998 s.17A|-|duty: depersonalised data each quarter \
        (SI 2007/1831); no person
        asbcpa-2014-sch4|Anti-social Behaviour, Crime and Policing Act 2014 Sch 4 para 7|-|\
        case review: bodies may ask any person, who must comply within the law
        pcsc-2022-s16|Police, Crime, Sentencing and Courts Act 2022 s.16|-|serious violence duty; \
        not patient information, not personal data from a health or social care authority
        cja-2003-s325|Criminal Justice Act 2003 s.325|-|MAPPA; the case must be eligible
        ctsa-2015-s38|Counter-Terrorism and Security Act 2015 s.36, s.38|-|Channel panel
        ca-1989-s47|Children Act 1989 s.47|-|enquiries about a child at risk of significant harm
        ca-2004-s11|Children Act 2004 s.10, s.11|-|welfare of children
        care-act-2014-s42|Care Act 2014 s.42|-|enquiry about an adult with care needs at risk
        care-act-2014-s45|Care Act 2014 s.45|-|a safeguarding adults board may require information
        dvcva-2004-s9|Domestic Violence, Crime and Victims Act 2004 s.9|-|review after a death
        la-2003-s185|Licensing Act 2003 s.185|-|licensing functions; premises only
        victims-code-right-4|Code of Practice for Victims of Crime, right 4|-|referral to a service
        consent-referral|Agreement of the person to the referral|-|common law of confidence
        court-order|Order of a court|-|what the order names, no more
        emergency|Threat to life or of serious harm, now|-|UK GDPR Art 6(1)(d); DPA 2018 Sch 8 \
        para 3; reviewed the next working day
        """
}
