import CRevmeta
import Testing

/// C and Swift see every struct of the boundary alike.
@Suite struct LayoutTests {
    /// A struct as Swift sees it.
    struct Layout {
        var name: String
        var size: Int
        var alignment: Int
        var fields: [(name: String, offset: Int?)]

        /// The lines that the C program prints if it sees the same.
        var lines: [String] {
            ["\(name) \(size) \(alignment)"] + fields.map { "\(name).\($0.name) \($0.offset ?? -1)" }
        }
    }

    private func layout<T>(_ type: T.Type, _ fields: KeyValuePairs<String, PartialKeyPath<T>>) -> Layout {
        Layout(
            name: "\(type)", size: MemoryLayout<T>.size, alignment: MemoryLayout<T>.alignment,
            fields: fields.map { ($0.key, MemoryLayout<T>.offset(of: $0.value)) })
    }

    private func list<T>(
        _ type: T.Type, _ items: PartialKeyPath<T>, _ count: PartialKeyPath<T>, _ stride: PartialKeyPath<T>
    ) -> Layout {
        layout(type, ["items": items, "count": count, "stride": stride])
    }

    private var layouts: [Layout] {
        [
            layout(revmeta_str.self, ["ptr": \.ptr, "len": \.len]),
            layout(revmeta_strs.self, ["items": \.items, "count": \.count]),
            layout(revmeta_pair.self, ["key": \.key, "value": \.value]),
            list(revmeta_pairs.self, \.items, \.count, \.stride),
            layout(revmeta_interrupt.self, ["struct_size": \.struct_size, "interrupt": \.interrupt]),
            layout(
                revmeta_failure.self,
                [
                    "struct_size": \.struct_size, "vendor_code": \.vendor_code, "retry_after_ms": \.retry_after_ms,
                    "line": \.line, "column": \.column, "sqlstate": \.sqlstate, "message": \.message,
                ]),
            layout(
                revmeta_call.self,
                [
                    "struct_size": \.struct_size, "log_level": \.log_level, "deadline_ns": \.deadline_ns,
                    "context": \.context, "cancelled": \.cancelled, "log": \.log, "fail": \.fail, "label": \.label,
                ]),
            layout(
                revmeta_dialect.self,
                [
                    "struct_size": \.struct_size, "flags": \.flags, "identifier_max_bytes": \.identifier_max_bytes,
                    "name": \.name, "identifier_open": \.identifier_open, "identifier_close": \.identifier_close,
                    "literal_open": \.literal_open, "literal_close": \.literal_close, "list_open": \.list_open,
                    "list_close": \.list_close, "list_separator": \.list_separator, "pair_open": \.pair_open,
                    "pair_separator": \.pair_separator, "pair_close": \.pair_close, "statement_end": \.statement_end,
                    "script_begin": \.script_begin, "script_use": \.script_use,
                ]),
            layout(
                revmeta_plugin.self,
                [
                    "struct_size": \.struct_size, "abi_minor": \.abi_minor, "id": \.id, "name": \.name, "version": \.version,
                    "query": \.query,
                ]),
            layout(revmeta_entity.self, ["kind": \.kind, "path": \.path, "path_count": \.path_count]),
            list(revmeta_entities.self, \.items, \.count, \.stride),
            layout(
                revmeta_fact.self,
                [
                    "entity": \.entity, "attribute": \.attribute, "kind": \.kind, "value": \.value,
                    "problem": \.problem,
                ]),
            list(revmeta_facts.self, \.items, \.count, \.stride),
            layout(
                revmeta_change.self,
                [
                    "kind": \.kind, "path": \.path, "path_count": \.path_count, "attribute": \.attribute,
                    "before": \.before, "value": \.value, "channel": \.channel,
                ]),
            list(revmeta_changes.self, \.items, \.count, \.stride),
            layout(
                revmeta_statement.self,
                [
                    "text": \.text, "changes": \.changes, "change_count": \.change_count, "guard": \.guard,
                    "parts": \.parts,
                ]),
            list(revmeta_statements.self, \.items, \.count, \.stride),
            layout(revmeta_outcome.self, ["index": \.index, "status": \.status, "failure": \.failure]),
            list(revmeta_outcomes.self, \.items, \.count, \.stride),
            layout(
                revmeta_ability.self,
                [
                    "kind": \.kind, "attribute": \.attribute, "support": \.support, "flags": \.flags, "text": \.text,
                    "unit": \.unit, "max_length": \.max_length, "note": \.note,
                ]),
            list(revmeta_abilities.self, \.items, \.count, \.stride),
            layout(
                revmeta_connector.self,
                [
                    "struct_size": \.struct_size, "dialect": \.dialect, "open": \.open, "close": \.close,
                    "abilities": \.abilities, "read": \.read, "plan": \.plan, "check": \.check, "execute": \.execute,
                ]),
            layout(
                revmeta_variable.self, ["name": \.name, "role": \.role, "value": \.value, "pairs": \.pairs]),
            list(revmeta_variables.self, \.items, \.count, \.stride),
            layout(
                revmeta_template.self,
                [
                    "struct_size": \.struct_size, "compile": \.compile, "uses": \.uses, "render": \.render,
                    "release": \.release,
                ]),
        ]
    }

    @Test(arguments: [["gcc", "-std=c99"], ["clang", "-std=c99"], ["g++", "-std=c++17"], ["clang++", "-std=c++17"]])
    func isTheSameInSwift(compiler: [String]) throws {
        let isC = !compiler[0].hasSuffix("++")
        var text = """
            #include <revmeta/revmeta.h>
            #include <stdio.h>
            #define ALIGNMENT(type) offsetof(struct { char before; type it; }, it)
            int main(void) {

            """
        for layout in layouts {
            // C99 has no word for alignment, and C++ no struct within offsetof.
            let alignment = isC ? "ALIGNMENT(\(layout.name))" : "alignof(\(layout.name))"
            text += "printf(\"\(layout.name) %zu %zu\\n\", sizeof(\(layout.name)), \(alignment));\n"
            for field in layout.fields {
                text += "printf(\"\(layout.name).\(field.name) %zu\\n\", offsetof(\(layout.name), \(field.name)));\n"
            }
        }
        let source = try SourceFile(text + "return 0;\n}\n", suffix: isC ? "c" : "cpp")
        let program = try SourceFile("", suffix: "program")
        let compiled = try Tool.run(compiler + ["-I", Headers.current.folder, source.path, "-o", program.path])
        try #require(compiled.succeeded, "\(compiled.output)")
        let seen = try Tool.run([program.path]).output.split(separator: "\n").map(String.init)
        #expect(seen == layouts.flatMap(\.lines))
    }

    /// Every struct that the headers declare is looked at above, with all of its fields.
    @Test func nothingIsLeftOut() throws {
        let looked = Dictionary(uniqueKeysWithValues: layouts.map { ($0.name, $0.fields.map(\.name)) })
        #expect(try looked == Headers.current.structs())
    }
}
