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
        record,identity,contact,safe-contact,risk,reporter,account,consent,health|-|-|\
        cda-1998-s115,care-act-2014-s42,ca-1989-s47|\
        A health or social care authority cannot share personal data under the serious violence \
        duty (2022 Act s.16(4)).
        s17a-person|cda-1998-s17a|*|*|\
        identity,contact,safe-contact,risk,reporter,account,consent,health|\
        ID,CON,REL,RSK,CRIM,HLT,SOC,CHD,EQ,HOU,FIN,EDU,VOI,INTEL|summary|cda-1998-s115|\
        The quarterly return holds depersonalised data only: no person may be found in it \
        (1998 Act s.17A, SI 2007/1831).
        victim-contact-to-subject|*|*|subject|contact,safe-contact|-|-|court-order|\
        How to reach the victim never goes to the subject's side.
        """
}
