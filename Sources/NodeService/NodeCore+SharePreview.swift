import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import NodeInterface
import NodeProjections
import SharingProtocols
import TallystickPrimitives

extension NodeCore {
    /// What sharing a case would do, in words: under what, with whom, what is new, and what each agency would see.
    func preview(_ form: ShareForm) throws -> PreviewPage {
        let plan = try plan(form)
        var sections = [heading(of: plan)]
        guard !plan.events.isEmpty else {
            sections.append("They have all of this already: nothing would be sent.\n")
            return PreviewPage(text: sections.joined(separator: "\n"))
        }
        let choice = ProtocolChoice(sender: agency, terms: plan.terms, bundle: plan.bundle, now: time.now())
        let previews = plan.events.map { event in
            let question = choice.question(
                .record, to: agency, codes: plan.wanted.codes, circle: plan.wanted.members,
                sealed: plan.facts.sealed(event.type, []))
            let draft = ShareDraft(
                eventType: event.type,
                fields: NodeCore.draftFields(fields(of: event, by: form.officer, about: plan.reference)),
                question: question, people: plan.people)
            return (entry: Optional(event.type.text), preview: SharePreview(draft, under: plan.terms))
        }
        sections.append(SharePreview.text(of: previews))
        if let pointer = pointerText(of: plan, by: form.officer) { sections.append(pointer) }
        return PreviewPage(text: sections.joined(separator: "\n"), entries: NodeCore.entries(of: previews))
    }

    /// A page of previews under some lines that say what they are of.
    static func page(_ heading: [String], _ previews: [(entry: String?, preview: SharePreview)]) -> PreviewPage {
        PreviewPage(
            text: heading.map { $0 + "\n" }.joined() + "\n" + SharePreview.text(of: previews),
            entries: entries(of: previews))
    }

    /// A preview as programs read it.
    static func entries(of previews: [(entry: String?, preview: SharePreview)]) -> [PreviewEntry] {
        previews.map { entry, preview in
            PreviewEntry(
                entry: entry ?? "",
                agencies: preview.agencies.map { view in
                    .init(
                        agency: view.agency,
                        lines: view.lines.map {
                            .init(
                                field: $0.field, label: $0.label, isShown: $0.isShown, why: $0.why, caveats: $0.caveats)
                        })
                },
                texts: preview.texts.map { text in
                    .init(
                        field: text.field, text: text.text,
                        marks: text.marks.map { .init(kind: $0.kind.rawValue, text: $0.text, start: $0.start) })
                })
        }
    }

    private func heading(of plan: SharePlan) -> String {
        let codes = plan.wanted.codes
        let meaning = plan.terms.purposes.first { $0.code == codes.purpose }?.meaning ?? ""
        var lines = [
            "Case \(plan.reference)",
            "Protocol: \(plan.terms.code): \(plan.terms.title)",
            "Purpose: \(codes.purpose): \(meaning)",
            "Power: \(codes.gateway): \(codes.gateway.meaning), basis \(codes.basis)"
                + (codes.condition.map { ", condition \($0)" } ?? ""),
        ]
        if !plan.picked.others.isEmpty {
            lines.append("You could have chosen:")
            lines += plan.picked.others.map { "  --purpose \($0.decision.purpose) --gateway \($0.decision.gateway)" }
        }
        lines.append(standing(of: plan))
        lines += plan.leftOut
        if !plan.withoutKey.isEmpty {
            lines.append(
                "Left out until they have a key in force: \(plan.withoutKey.map(\.text).joined(separator: ", "))")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func standing(of plan: SharePlan) -> String {
        guard let circle = plan.told.circle else { return "Shared with nobody yet." }
        func listed(_ agencies: Set<AgencyCode>) -> String { agencies.sorted().map(\.text).joined(separator: ", ") }
        var words = "Shared already with: \(listed(circle.members.subtracting([agency])))."
        let leaving = circle.members.subtracting(plan.wanted.members)
        if !leaving.isEmpty { words += " No more from now on: \(listed(leaving))." }
        if case .newCircle = plan.step {
            words += " What they have is said again, because others are to have it too, or under another power."
        }
        return words
    }

    /// The values that agencies could receive, as text; the pointer is none of them.
    static func draftFields(_ fields: EventFields) -> [DraftField] {
        fields.filter { $0.key != .pointer }.values.flatMap { $0 }.sorted { $0.key < $1.key }
            .map { field, value in DraftField(field: field, text: OpenedFields.words(value, in: field)) }
    }

    private func pointerText(of plan: SharePlan, by officer: String) -> String? {
        for event in plan.events {
            let fields = fields(of: event, by: officer, about: plan.reference)
            guard let pointer = fields[.pointer] else { continue }
            let title = "What any agency of the protocol finds when it asks who holds something\n"
            guard
                mayShowPointer(
                    of: fields, type: event.type, under: plan.wanted.codes, among: plan.wanted.members,
                    given: plan.facts)
            else {
                return title + "  Nothing: the protocol shows no trace of this kind of case.\n"
            }
            let words = pointer.sorted { $0.key < $1.key }.map { field, value in
                "\(field.text.split(separator: "-").dropFirst().joined(separator: "-")) \(OpenedFields.words(value, in: field))"
            }
            return title + "  \(words.joined(separator: ", ")). No name, no address, nothing of what is written.\n"
        }
        return nil
    }
}
