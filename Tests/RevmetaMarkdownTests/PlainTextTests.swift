import RevmetaMarkdown
import Testing

/// Markdown as a reader of plain text should see it.
@Suite struct PlainTextTests {
    @Test(arguments: [
        ("", ""), ("   \n\n", ""), ("One line", "One line"), ("*a* **b** ~~c~~ `d`", "a b c d"),
        ("first\nsecond  \nthird\\\nfourth", "first\nsecond\nthird\nfourth"),
        ("# Title\n\ntext", "Title\n\ntext"), ("Title\n=====\ntext", "Title\n\ntext"),
        ("a \\* b &amp; c &eacute; &#169; &copy;", "a * b & c é © ©"), ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("it's 100% *of* `a_b_c` and a_b_c", "it's 100% of a_b_c and a_b_c"),
        ("---", "---"), ("a\n\n***\n\nb", "a\n\n---\n\nb"),
        ("```sql\nSELECT  1\n  FROM x\n```", "SELECT  1\n  FROM x"), ("    indented\n      code", "indented\n  code"),
        ("> quoted\n> twice\n\nafter", "> quoted\n> twice\n\nafter"), ("> a\n>\n> b", "> a\n>\n> b"),
    ])
    func marks(markdown: String, text: String) {
        #expect(Markdown.plainText(markdown) == text)
    }

    @Test(arguments: [
        ("- a\n- b\n  - c\n- d", "- a\n- b\n  - c\n- d"), ("* a\n\n* b", "- a\n\n- b"),
        ("3. a\n4. b\n   more\n", "3. a\n4. b\n   more"), ("text\n\n- a\n- b\n\nmore", "text\n\n- a\n- b\n\nmore"),
        ("- [x] done\n- [ ] open", "- [x] done\n- [ ] open"), ("-\n- b", "-\n- b"), ("- a\n\n  b\n- c", "- a\n\n  b\n\n- c"),
        ("1. a\n   - b\n\n     ```\n     code\n     ```", "1. a\n   - b\n\n     code"),
    ])
    func lists(markdown: String, text: String) {
        #expect(Markdown.plainText(markdown) == text)
    }

    @Test func tablesKeepTheirColumns() {
        #expect(Markdown.plainText("""
            | code | *meaning* |
            |---|---:|
            | `A` | active |
            | GONE | no longer **there** |
            """) == """
            code | meaning
            -----+----------------
            A    | active
            GONE | no longer there
            """)
        #expect(Markdown.plainText("| a |\n|---|\n| x<br>y |") == "a\n---\nx y")
    }

    @Test(arguments: [
        ("see [the docs](https://x.org/a)", "see the docs (https://x.org/a)"), ("<https://x.org>", "https://x.org"),
        ("https://x.org/y and more", "https://x.org/y and more"), ("[https://x.org](https://x.org)", "https://x.org"),
        ("[orders](/table/shop.orders)", "orders"), ("jane@x.org", "jane@x.org"), ("[](https://x.org)", "https://x.org"),
        ("![a *chart*](https://x.org/c.png)", "a chart"), ("![](https://x.org/c.png)", "https://x.org/c.png"),
        ("[mail](mailto:a@b.c)", "mail (mailto:a@b.c)"), ("[a][1]\n\n[1]: https://x.org", "a (https://x.org)"),
    ])
    func links(markdown: String, text: String) {
        #expect(Markdown.plainText(markdown) == text)
    }

    @Test(arguments: [
        ("<p>one <strong>two</strong></p><p>three&nbsp;&amp; four</p>", "one two\n\nthree & four"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol start=\"3\"><li><p>a</p></li><li><p>b</p></li></ol>", "3. a\n4. b"),
        ("a<br>b<br/>c", "a\nb\nc"), ("x <b>y</b> <sup>z</sup>", "x y z"),
        ("<a href=\"https://x.org/?a=1&amp;b=2\">here</a>", "here (https://x.org/?a=1&b=2)"),
        ("<a data-type=\"mention\" href=\"/users/jane\">@jane</a> knows", "@jane knows"),
        ("<div><script>alert('<p>')</script><!-- a > b -->kept</div>", "kept"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2"),
        ("<pre>  a\n   b</pre>", "  a\n   b"), ("<h2>Head</h2>\ntext", "Head\n\ntext"), ("<p>a < b</p>", "a < b"),
        ("<img src=\"x\" alt=\"a &gt; b\">", "a > b"), ("<p>\n  spread\n  out\n</p>", "spread out"),
        ("<p title='a > b'>t</p>", "t"), ("<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>\n\ntext", "- a\n\n- b\n\ntext"),
        ("<p>&#x1F600; &unknown; &lt;b&gt;</p>", "😀 &unknown; <b>"),
    ])
    func html(markdown: String, text: String) {
        #expect(Markdown.plainText(markdown) == text)
    }

    /// What is plain already stays: a text that was rendered is not rendered otherwise when it is rendered again.
    @Test(arguments: ["Orders, one a row.", "a (b), c: 3 % of d", "line one\nline two", "é 漢字 😀 עברית"])
    func plainTextStays(text: String) {
        #expect(Markdown.plainText(text) == text)
    }

    @Test(arguments: [
        ("> ", 50_000, ""), ("- ", 20_000, "x"), ("[", 50_000, ""), ("*a ", 20_000, ""), ("<a>", 50_000, ""),
        ("<ul><li>", 20_000, "x"), ("![", 20_000, ""), ("<", 50_000, ""), ("\u{0}\u{FFFD}\u{2028}", 1, ""), ("&", 50_000, ""),
        ("<a href='", 20_000, ""), ("| a ", 5_000, "\n" + String(repeating: "|-", count: 5_000)),
    ])
    func noTextHurts(part: String, count: Int, end: String) {
        let text = String(repeating: part, count: count) + end
        #expect(Markdown.plainText(text).utf8.count <= 20 * text.utf8.count + 100)
    }

    @Test func anyThread() async {
        let texts = await withTaskGroup(of: String.self) { group in
            for number in 0..<200 { group.addTask { Markdown.plainText("- **\(number % 7)**\n\n| a |\n|-|\n") } }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == Set((0..<7).map { "- \($0)\n\na\n-" }))
    }
}
