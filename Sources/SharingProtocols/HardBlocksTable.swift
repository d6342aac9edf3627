extension CodeTables {
    /// What no protocol can permit.
    ///
    /// Columns: code; gateways (`*` = any); roles or functions of the sender (`*` = any); side of
    /// the recipient (`*` or `subject`); labels; data classes; fields; gateways that would work;
    /// the sentence a practitioner reads. A row applies where gateway, sender and recipient fit
    /// and the label, or the class or code of any field, is listed. The emergency gateway passes.
    static let hardBlocks = """
        svd-patient|pcsc-2022-s16|*|*|health|HLT|-|care-act-2014-s42,consent-referral|\
        The serious violence duty never covers patient information (2022 Act s.16(4)).
        svd-care-discloser|pcsc-2022-s16|health,social-care|*|\
        record,identity,contact,safe-contact,risk,reporter,account,consent,health,care,child,household,offending,housing,\
        finance,education,equality,intelligence|-|-|\
        cda-1998-s115,care-act-2014-s42,ca-1989-s47|\
        A health or social care authority cannot share personal data under the serious violence \
        duty (2022 Act s.16(4)).
        s17a-person|cda-1998-s17a|*|*|\
        identity,contact,safe-contact,risk,reporter,account,consent,health,care,child,household,offending,housing,finance,\
        education,equality,intelligence|\
        ID,CON,REL,RSK,CRIM,HLT,SOC,CHD,EQ,HOU,FIN,EDU,VOI,INTEL|summary|cda-1998-s115|\
        The quarterly return holds depersonalised data only: no person may be found in it \
        (1998 Act s.17A, SI 2007/1831).
        victim-contact-to-subject|*|*|subject|contact,safe-contact|-|-|court-order|\
        How to reach the victim never goes to the subject's side.
        licensing-premises-only|la-2003-s185|*|*|\
        identity,contact,safe-contact,risk,reporter,account,consent,health,care,child,household,offending,housing,finance,\
        education,equality,intelligence|\
        ID,CON,REL,RSK,CRIM,HLT,SOC,CHD,EQ,HOU,FIN,EDU,VOI,INTEL|-|cda-1998-s115|\
        Licensing functions need to know about premises, not about people (2003 Act s.185).
        mappa-flag-only|cja-2003-s325|*|*|\
        identity,contact,safe-contact,risk,reporter,account,consent,health,care,child,household,offending,housing,finance,\
        education,equality,intelligence,statistics|-|summary,place,latitude,longitude|cda-1998-s115,ca-1989-s47|\
        Of MAPPA only the flag and whom to ask are shared here; its own system carries the rest (2003 Act s.325).
        channel-flag-only|ctsa-2015-s38|*|*|\
        identity,contact,safe-contact,risk,reporter,account,consent,health,care,child,household,offending,housing,finance,\
        education,equality,intelligence,statistics|-|summary,place,latitude,longitude|cda-1998-s115,consent-referral|\
        Of Channel only the flag and whom to ask are shared here (2015 Act s.38).
        """
}
