import RevmetaTestSupport
import Testing

/// A template with logic, through the program, its engine's worker and a real server.
@Suite struct StencilTests {
    @Test func aLoopOverTheEntityIsWrittenOnce() async throws {
        let shop = try Shop("CREATE TABLE orders (id int, \"o'dd\" int); CREATE TABLE plain (); CREATE TABLE skipped ()")
        let template = """
            {% if table != \"skipped\" %}COMMENT ON TABLE {{ schema }}.{{ table }} IS '{{ description }}\
            {% for column in entity.columns %}{% if forloop.first %} Has {% endif %}{{ column.name }}\
            {% if not forloop.last %}, {% endif %}{% endfor %}.'{% endif %}
            """
        let quoted = "'" + template.replacing("'", with: "''") + "'"
        let templates = "sqlTemplates: [{ engine: stencil, set: \(quoted) }]"
        try shop.configure(channel: "updateDescriptions: true, filter: { kinds: [table] }, \(templates)")
        try shop.describe(
            .table("orders", "It's an order.", columns: ["id": nil, "o'dd": nil]), .table("plain", "{{ owner }}'; --"),
            .table("skipped", "Not this."))
        let answer = try await shop.expect(0, "run")
        #expect(answer.output.contains("the template gives no statement for this change"), "\(answer.output)")
        let comments = try shop.comments()
        #expect(comments["table orders"]?.hasPrefix("It's an order. Has ") == true)
        #expect(comments["table orders"]?.contains("o'dd") == true)
        #expect(comments["table plain"] == "{{ owner }}'; --.")
        #expect(comments["table skipped"] == nil)
        try await shop.expect(0, "run")
        #expect(try shop.comments() == comments)
    }

    @Test func anErrorIsShownWhereItIs() async throws {
        let shop = try Shop("CREATE TABLE orders ()")
        let templates = "sqlTemplates: [{ engine: stencil, set: 'COMMENT ON TABLE {{ tabel }} IS 1' }]"
        try shop.configure(channel: "updateDescriptions: true, \(templates)")
        try shop.describe(.table("orders", "An order."))
        let answer = try await shop.expect(2, "run")
        #expect(answer.errors.contains("found \"tabel\": did you mean table?"), "\(answer.errors)")
        #expect(try shop.comments() == [:])
    }
}
