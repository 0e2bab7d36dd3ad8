import Testing

/// The headers compile without a warning, wherever a plugin's author may include them.
@Suite struct HeaderTests {
    static let compilers = [
        ["gcc", "-std=c99"], ["gcc", "-std=c11"], ["clang", "-std=c99"], ["clang", "-std=c11"],
        ["g++", "-std=c++17"], ["clang++", "-std=c++17"],
    ]

    private func compile(_ text: String, with compiler: [String]) throws -> Tool.Answer {
        let source = try SourceFile(text, suffix: compiler[0].hasSuffix("++") ? "cpp" : "c")
        return try withExtendedLifetime(source) {
            try Tool.run(
                compiler + ["-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
                    + ["-I", Headers.current.folder, source.path])
        }
    }

    @Test(arguments: compilers, try Headers.current.names()) func compilesAlone(compiler: [String], header: String) throws {
        // Twice, for its include guard; and a file must declare something to be C.
        let include = "#include <revmeta/\(header)>\n"
        let answer = try compile(include + include + "typedef int something;\n", with: compiler)
        #expect(answer.succeeded, "\(answer.output)")
        #expect(answer.output.isEmpty)
    }

    @Test(arguments: compilers) func aPluginsEntryMatchesItsDeclaration(compiler: [String]) throws {
        func entry(giving type: String) -> String {
            "#include <revmeta/revmeta.h>\nconst \(type) *revmeta_plugin_v1(void) { return 0; }\n"
        }
        let own = try compile(entry(giving: "revmeta_plugin"), with: compiler)
        #expect(own.succeeded, "\(own.output)")
        let other = try compile(entry(giving: "revmeta_connector"), with: compiler)
        #expect(!other.succeeded)
        #expect(other.output.contains("revmeta_plugin_v1"))
    }

    /// `REVMETA_HAS` reads a field only if its struct reaches that far and the field is set.
    @Test(arguments: compilers.prefix(4)) func hasLooksAtTheSize(compiler: [String]) throws {
        let source = try SourceFile(
            """
            #include <revmeta/revmeta.h>
            #include <stdio.h>
            int main(void) {
              revmeta_plugin plugin = {sizeof plugin, REVMETA_ABI_MINOR, "id", "name", 0, 0};
              printf("%d%d", REVMETA_HAS(&plugin, name), REVMETA_HAS(&plugin, version));
              plugin.struct_size = offsetof(revmeta_plugin, version);
              printf("%d", REVMETA_HAS(&plugin, name));
              plugin.struct_size -= 1;
              printf("%d", REVMETA_HAS(&plugin, name));
              plugin.struct_size = 0;
              printf("%d", REVMETA_HAS(&plugin, id));
              return 0;
            }
            """, suffix: "c")
        let program = try SourceFile("", suffix: "program")
        let compiled = try Tool.run(compiler + ["-I", Headers.current.folder, source.path, "-o", program.path])
        try #require(compiled.succeeded, "\(compiled.output)")
        #expect(try Tool.run([program.path]).output == "10100")
    }
}
