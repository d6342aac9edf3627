import Testing

@testable import Imports

@Suite("Date patterns")
struct DatePatternTests {
    @Test(
        "keep the precision that the agency gives",
        arguments: [
            ("YYYY-MM", "2019-01", "2019-01"), ("DD/MM/YYYY", "30/09/2012", "2012-09-30"),
            ("M/D/YY H:MM", "12/31/15 12:01", "2015-12-31T12:01"),
            ("M/D/YY H:MM", "1/4/16 9:05", "2016-01-04T09:05"),
            ("YYYYMMDD", "19151111", "1915-11-11"), ("YYYY-MM-DD", "1971-06-24", "1971-06-24"),
            ("YYYY-MM-DDTHH:MM:SSZ", "2020-02-29T23:59:59Z", "2020-02-29T23:59:59Z"),
            ("YYYY-MM-DDTHH:MM", "2020-02-29T23:59", "2020-02-29T23:59"),
            ("D.M.YY", "1.2.68", "2068-02-01"), ("D.M.YY", "1.2.69", "1969-02-01"),
        ])
    func canonical(pattern: String, given: String, expected: String) {
        #expect(DatePattern(pattern)?.canonical(given) == expected)
    }

    @Test(
        "refuse days that do not exist and other shapes",
        arguments: [
            ("YYYY-MM", "2019-13"), ("YYYY-MM", "2019-1"), ("YYYY-MM", "2019-01-01"),
            ("YYYY-MM", " 2019-01"), ("YYYY-MM", "1799-01"), ("YYYY-MM", "2200-01"),
            ("DD/MM/YYYY", "31/04/2012"), ("DD/MM/YYYY", "09/30/2012"),
            ("YYYYMMDD", "19000229"), ("YYYYMMDD", "1915111"), ("YYYYMMDD", "191511110"),
            ("M/D/YY H:MM", "12/31/15 24:00"), ("M/D/YY H:MM", "12/31/15 12:60"),
            ("M/D/YY H:MM", "12/31/15"), ("M/D/YY H:MM", "12/31/2015 1:00"),
            ("YYYY-MM", "٢٠١٩-٠١"), ("YYYY-MM", ""),
        ])
    func refused(pattern: String, given: String) throws {
        let pattern = try #require(DatePattern(pattern))
        #expect(pattern.canonical(given) == nil)
    }

    @Test(
        "that cannot be used are no patterns",
        arguments: [
            "", "YYYY", "MM-DD", "YYYY-MM HH:MM", "YYYY-MM-DD HH", "YYYY-MM-DD MM", "YYYYMMM",
            "MDYY", "YYYY-YY-MM", "YYYY-MM-MM", "yyyy-mm", "YYYY_MM", "DD/MM/YYYY SS", "YYY-MM",
        ])
    func noPattern(text: String) {
        #expect(DatePattern(text) == nil)
    }
}
