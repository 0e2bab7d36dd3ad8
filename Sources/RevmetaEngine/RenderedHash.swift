internal import RevmetaDigest

extension TemplateWriting {
    /// What stands for the statements of a template: 32 hexadecimal digits.
    public static func hash(of statements: [String]) -> String {
        var hash = SHA256()
        hash.update(fields: statements)
        return String(hash.hexadecimal().prefix(32))
    }
}
