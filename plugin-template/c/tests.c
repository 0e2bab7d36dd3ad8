/* tests.c - the tests of the pure parts: NoteTests.swift, NotesFileTests.swift, CSVHeaderTests.swift. */
#include <stdio.h>

#include "abilities.h"
#include "csv_header.h"
#include "note.h"
#include "notes_file.h"

static int failures;
static pool memory;

#define EXPECT(condition) \
  do { \
    if (!(condition)) { \
      fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition); \
      failures++; \
    } \
  } while (0)

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Notes. */

static void a_line_reads_back_as_it_was_written(void) {
  const str texts[] = {
      STR("A text"), STR(" leading and trailing "), STR("two\nlines"), STR("a\ttab"), STR("return\r\nnewline"),
      STR("back\\slash"), STR("\\n is no newline"), STR("a: b / c"), STR("quotes ' \" ` $$ $x$ /* -- %s"),
      STR("e\xCC\x81 is not \xC3\xA9"), STR("\xF0\x9F\x98\x80"), STR("\\")};
  const str names[] = {STR("sa:les"), STR("or/ders.csv"), STR("to\\tal\n")};
  size_t index, position;
  for (index = 0; index < COUNT(texts); index++) {
    str line = note_line(&memory, STR("describe"), names, 3, texts[index]);
    note read;
    EXPECT(!str_has(line, '\n') && !str_has(line, '\r'));
    EXPECT(!note_parse(&memory, line, &read));
    EXPECT(str_is_same(read.verb, STR("describe")) && read.count == 3);
    for (position = 0; position < 3; position++) EXPECT(str_is_same(read.names[position], names[position]));
    EXPECT(str_is_same(read.value, texts[index]));
  }
}

static void a_line_is_what_a_person_would_write(void) {
  const str names[] = {STR("sales"), STR("orders.csv")};
  EXPECT(str_is_same(note_line(&memory, STR("own"), names, 2, STR("alice")), STR("own sales/orders.csv: alice")));
}

static void what_stands_after_the_colon_is_the_value(void) {
  note read;
  const str name = STR("sales");
  EXPECT(!note_parse(&memory, STR("describe sales:"), &read) && !read.value.len);
  EXPECT(!note_parse(&memory, STR("describe sales: "), &read) && !read.value.len);
  EXPECT(!note_parse(&memory, STR("describe sales:x"), &read) && str_is_same(read.value, STR("x")));
  EXPECT(!note_parse(&memory, STR("describe sales: a\nb"), &read) && str_is_same(read.value, STR("a\nb")));
  EXPECT(str_is_same(note_line(&memory, STR("describe"), &name, 1, STR("")), STR("describe sales:")));
}

static void anything_else_is_invalid(void) {
  const str texts[] = {STR(""), STR("describe"), STR("describe "), STR("describe sales"), STR("Describe sales: x"),
                       STR("forget sales: x"), STR(": x"), STR("describe: x"), STR("describe sales\\: x"),
                       STR("describe sales: a\\qb"), STR("describe sales: a\\"), STR("describe s\\q: a"),
                       STR("describe sales: \xE9")};
  size_t index;
  for (index = 0; index < COUNT(texts); index++) {
    note read;
    const failure *why = note_parse(&memory, texts[index], &read);
    EXPECT(why && why->status == REVMETA_INVALID && why->details.message.len);
  }
}

static void a_statement_is_about_a_kind(void) {
  note read;
  EXPECT(!note_parse(&memory, STR("describe a: x"), &read) && str_is_same(note_kind(&read), STR("schema")));
  EXPECT(!note_parse(&memory, STR("describe a/b: x"), &read) && str_is_same(note_kind(&read), STR("table")));
  EXPECT(!note_parse(&memory, STR("describe a/b/c: x"), &read) && str_is_same(note_kind(&read), STR("column")));
  EXPECT(!note_parse(&memory, STR("describe a/b/c/d: x"), &read) && !note_kind(&read).ptr);
}

static char many[256];

static void changes_become_notes_or_are_refused(void) {
  static const str path[] = {{"", 0}, {"s", 1}, {"t.csv", 5}};
  const struct {
    str kind;
    size_t path_count;
    str attribute;
    str value;
    revmeta_status status;
  } cases[] = {
      {STR("table"), 3, STR("description"), STR("x"), REVMETA_OK},
      {STR("table"), 3, STR("description"), {NULL, 0}, REVMETA_OK},
      {STR("table"), 3, STR("owner"), {many, 255}, REVMETA_OK},
      {STR("table"), 3, STR("owner"), {many, 256}, REVMETA_INVALID},
      {STR("table"), 3, STR("owner"), {NULL, 0}, REVMETA_UNSUPPORTED},
      {STR("table"), 3, STR("owner"), STR(""), REVMETA_UNSUPPORTED},
      {STR("table"), 3, STR("description"), STR("a\0b"), REVMETA_INVALID},
      {STR("table"), 3, STR("description"), STR("\xED\xA0\x80"), REVMETA_INVALID},
      {STR("table"), 2, STR("description"), STR("x"), REVMETA_NOT_FOUND},
      {STR("table"), 3, STR("tag.PII"), STR("x"), REVMETA_UNSUPPORTED},
      {STR("schema"), 2, STR("owner"), STR("x"), REVMETA_UNSUPPORTED},
      {STR("view"), 3, STR("description"), STR("x"), REVMETA_UNSUPPORTED},
  };
  size_t index;
  for (index = 0; index < sizeof many; index++) many[index] = 'x';
  for (index = 0; index < COUNT(cases); index++) {
    revmeta_change change = {.kind = cases[index].kind, .path = path, .path_count = cases[index].path_count,
                             .attribute = cases[index].attribute, .value = cases[index].value};
    note made;
    const failure *why = note_making(&memory, &change, &made);
    EXPECT((why ? why->status : REVMETA_OK) == cases[index].status);
    if (!why) EXPECT(made.count == 2 && str_is_same(made.names[0], STR("s")));
  }
}

static void utf8_is_told_from_other_bytes(void) {
  const str good[] = {STR(""), STR("a"), STR("\xC3\xA9"), STR("\xE0\xA0\x80"), STR("\xED\x9F\xBF"), STR("\xEF\xBF\xBF"),
                      STR("\xF0\x90\x80\x80"), STR("\xF4\x8F\xBF\xBF")};
  const str bad[] = {STR("\x80"), STR("\xC0\x80"), STR("\xC1\xBF"), STR("\xC3"), STR("\xC3x"), STR("\xE0\x9F\xBF"),
                     STR("\xED\xA0\x80"), STR("\xE2\x82"), STR("\xF0\x8F\xBF\xBF"), STR("\xF4\x90\x80\x80"),
                     STR("\xF5\x80\x80\x80"), STR("\xFF")};
  size_t index;
  for (index = 0; index < COUNT(good); index++) EXPECT(str_is_utf8(good[index]));
  for (index = 0; index < COUNT(bad); index++) EXPECT(!str_is_utf8(bad[index]));
}

/* Notes files. */

#define BY_HAND "# by hand\ndescribe .: The department's files\ndescribe orders.csv: One line an order\n\n" \
                "  indented, and no note\nown orders.csv:alice\ndescribe orders.csv/total: a\n" \
                "describe orders.csv/total: b\ndescribe broken.csv: a\\qb\n"

static str said_of(const notes_file *file, const char *verb, const char *name) {
  str one = str_of(name);
  return notes_file_said(file, str_of(verb), &one, 1).text;
}

static void what_is_said_is_found(void) {
  notes_file file = notes_file_begin(&memory, STR(BY_HAND));
  EXPECT(str_is_same(notes_file_said(&file, STR("describe"), NULL, 0).text, STR("The department's files")));
  EXPECT(str_is_same(said_of(&file, "describe", "orders.csv"), STR("One line an order")));
  EXPECT(str_is_same(said_of(&file, "own", "orders.csv"), STR("alice")));
  EXPECT(!said_of(&file, "describe", "nosuch.csv").ptr);
  EXPECT(!notes_file_said(&file, STR("own"), NULL, 0).text.ptr);
}

static void what_cannot_be_told_is_unclear(void) {
  notes_file file = notes_file_begin(&memory, STR(BY_HAND));
  notes_file latin = notes_file_begin(&memory, STR("describe a.csv: caf\xE9\n"));
  const str column[] = {STR("orders.csv"), STR("total")}, broken = STR("broken.csv"), a = STR("a.csv");
  said twice = notes_file_said(&file, STR("describe"), column, 2);
  EXPECT(!twice.text.ptr && str_ends_with(twice.unclear, STR("lines 7 and 8: keep one of them")));
  EXPECT(str_has(notes_file_said(&file, STR("describe"), &broken, 1).unclear, '9'));
  EXPECT(notes_file_said(&latin, STR("describe"), &a, 1).unclear.ptr);
}

static void other_lines_stay_as_they_were(void) {
  notes_file file = notes_file_begin(&memory, STR(BY_HAND));
  const str orders = STR("orders.csv"), new_file = STR("new.csv"), first = STR("a.csv");
  notes_file_say(&file, STR("describe"), &orders, 1, STR("Two\nlines"));
  notes_file_say(&file, STR("own"), &orders, 1, (str){NULL, 0});
  notes_file_say(&file, STR("describe"), &new_file, 1, STR("New"));
  notes_file_say(&file, STR("describe"), &first, 1, STR("First in order, last in the file"));
  EXPECT(file.is_changed);
  EXPECT(str_is_same(said_of(&file, "describe", "new.csv"), STR("New")));
  EXPECT(str_is_same(
      notes_file_contents(&file),
      STR("# by hand\ndescribe .: The department's files\ndescribe orders.csv: Two\\nlines\n\n"
          "  indented, and no note\ndescribe orders.csv/total: a\ndescribe orders.csv/total: b\n"
          "describe broken.csv: a\\qb\ndescribe new.csv: New\ndescribe a.csv: First in order, last in the file\n")));
}

static void a_note_taken_out_can_be_put_back(void) {
  notes_file file = notes_file_begin(&memory, STR("own a.csv: alice\n"));
  const str name = STR("a.csv");
  notes_file_say(&file, STR("own"), &name, 1, STR(""));
  EXPECT(!said_of(&file, "own", "a.csv").ptr && !notes_file_contents(&file).len);
  notes_file_say(&file, STR("own"), &name, 1, STR("bob"));
  EXPECT(str_is_same(said_of(&file, "own", "a.csv"), STR("bob")));
  EXPECT(str_is_same(notes_file_contents(&file), STR("own a.csv: bob\n")));
}

static void saying_the_same_changes_nothing(void) {
  notes_file file = notes_file_begin(&memory, STR("describe a.csv: A"));
  const str a = STR("a.csv"), b = STR("b.csv");
  notes_file_say(&file, STR("describe"), &a, 1, STR("A"));
  notes_file_say(&file, STR("describe"), &b, 1, STR(""));
  EXPECT(!file.is_changed);
}

static void line_ends_of_other_editors_are_no_text(void) {
  const str contents = STR("describe a.csv: A\r\ndescribe b.csv:\r\n");
  notes_file file = notes_file_begin(&memory, contents);
  EXPECT(str_is_same(said_of(&file, "describe", "a.csv"), STR("A")));
  EXPECT(!said_of(&file, "describe", "b.csv").ptr);
  EXPECT(str_is_same(notes_file_contents(&file), contents));
}

static void an_empty_file_says_nothing(void) {
  notes_file file = notes_file_begin(&memory, STR(""));
  EXPECT(!said_of(&file, "describe", "a.csv").ptr && !notes_file_contents(&file).len);
}

static void the_heading_is_no_note(void) {
  notes_file file = notes_file_begin(&memory, NOTES_FILE_HEADING);
  EXPECT(file.count == 2 && file.lines[0].ptr[0] == '#' && file.lines[1].ptr[0] == '#');
  notes_file_say(&file, STR("describe"), NULL, 0, STR("All"));
  EXPECT(str_ends_with(notes_file_contents(&file), STR("\\:\ndescribe .: All\n")));
}

/* Headers. */

static csv_header header_of(str text) {
  csv_header header = csv_header_begin(&memory);
  size_t index;
  /* A byte at a time: a block may end anywhere. */
  for (index = 0; index < text.len && csv_header_take(&header, (str){text.ptr + index, 1}); index++) continue;
  csv_header_finish(&header);
  return header;
}

static void the_first_record_names_the_columns(void) {
  const struct {
    str text;
    str names[3];
    size_t count;
  } cases[] = {
      {STR("id,total\n1,2\n"), {STR("id"), STR("total")}, 2},
      {STR("id,total\r\n1,2\r\n"), {STR("id"), STR("total")}, 2},
      {STR("id,total\r1,2"), {STR("id"), STR("total")}, 2},
      {STR("id,total"), {STR("id"), STR("total")}, 2},
      {STR("\xEF\xBB\xBFid,total\n"), {STR("id"), STR("total")}, 2},
      {STR("\xEF\xBB\xBF\"id\",total\n"), {STR("id"), STR("total")}, 2},
      {STR("\"a, b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n"), {STR("a, b"), STR("say \"x\""), STR("two\nlines")}, 3},
      {STR(" id , \"x\"\n"), {STR(" id "), STR(" \"x\"")}, 2},
      {STR("\"a\"b,c\n"), {STR("ab"), STR("c")}, 2},
      {STR("\"never closed, x\n"), {STR("never closed, x\n")}, 1},
      {STR("id,\xEF\xBB\xBF\n"), {STR("id"), STR("\xEF\xBB\xBF")}, 2},
      {STR("\n1,2\n"), {STR("")}, 0},
      {STR(""), {STR("")}, 0},
  };
  size_t index, position;
  for (index = 0; index < COUNT(cases); index++) {
    csv_header header = header_of(cases[index].text);
    EXPECT(header.count == cases[index].count);
    for (position = 0; position < cases[index].count; position++)
      EXPECT(csv_header_count(&header, cases[index].names[position]) == 1);
    EXPECT(csv_header_count(&header, STR("nosuch")) == 0);
  }
}

static void names_are_counted(void) {
  csv_header header = header_of(STR("id,,id,a,id,z\n"));
  EXPECT(header.count == 5 && csv_header_count(&header, STR("id")) == 3);
  EXPECT(csv_header_count(&header, STR("")) == 0);
}

static void no_more_is_taken_than_the_first_record(void) {
  csv_header header = csv_header_begin(&memory);
  EXPECT(csv_header_take(&header, STR("id,to")));
  EXPECT(!csv_header_take(&header, STR("tal\nno,header\n")));
  EXPECT(header.is_complete && header.count == 2);
}

static void a_record_without_end_is_too_long(void) {
  csv_header header = csv_header_begin(&memory);
  size_t index;
  for (index = 0; index < CSV_HEADER_MAX_LENGTH; index++) csv_header_take(&header, STR("x"));
  EXPECT(!header.is_too_long);
  EXPECT(!csv_header_take(&header, STR("x")) && header.is_too_long);
}

int main(void) {
  a_line_reads_back_as_it_was_written();
  a_line_is_what_a_person_would_write();
  what_stands_after_the_colon_is_the_value();
  anything_else_is_invalid();
  a_statement_is_about_a_kind();
  changes_become_notes_or_are_refused();
  utf8_is_told_from_other_bytes();
  what_is_said_is_found();
  what_cannot_be_told_is_unclear();
  other_lines_stay_as_they_were();
  a_note_taken_out_can_be_put_back();
  saying_the_same_changes_nothing();
  line_ends_of_other_editors_are_no_text();
  an_empty_file_says_nothing();
  the_heading_is_no_note();
  the_first_record_names_the_columns();
  names_are_counted();
  no_more_is_taken_than_the_first_record();
  a_record_without_end_is_too_long();
  pool_release(&memory);
  puts(failures ? "failed" : "ok");
  return failures != 0;
}
