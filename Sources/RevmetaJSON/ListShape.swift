#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// What a JSON text with lists looks like, and what its parts are called in an error.
package struct ListShape: Sendable {
    /// The keys of the text's object that hold lists of objects. Each may be given once.
    package var lists: [String]
    /// Whether the text may be an array instead, which is then the first list.
    package var allowsArray: Bool
    /// What the text is: `a list answer, {"data": […]}, or an array`.
    package var whole: String
    /// What holds the text, with its article: `the file`.
    package var holder: String
    /// What an element is, with its article: `an entity`.
    package var element: String
    /// Several elements: `entities`.
    package var elements: String
    /// How many bytes may stand around the lists: what is longer is something else.
    package var mostAround: Int
    /// Explains an object that is not what was expected, such as an error that was saved in its stead; nil: it cannot.
    package var explain: @Sendable (Data) -> Fault?

    package init(
        lists: [String], allowsArray: Bool, whole: String, holder: String = "the file", element: String, elements: String,
        mostAround: Int = 64 * 1024, explain: @escaping @Sendable (Data) -> Fault? = { _ in nil }
    ) {
        self.lists = lists
        self.allowsArray = allowsArray
        self.whole = whole
        self.holder = holder
        self.element = element
        self.elements = elements
        self.mostAround = mostAround
        self.explain = explain
    }
}
