namespace EdgeGateway.Rules.Sql;

/// <summary>Why a statement or template was refused, in words for the person who wrote it.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Message">What was found.</param>
/// <param name="Expected">What would have been right there; empty where there is no single answer.</param>
public sealed record SqlError(int Line, int Column, string Message, string Expected)
{
    public override string ToString() =>
        Expected.Length == 0 ? $"line {Line}, column {Column}: {Message}" : $"line {Line}, column {Column}: {Message}; expected {Expected}";

    internal static SqlError At(string text, int position, string message, string expected)
    {
        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < position && i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                line++;
                lineStart = i + 1;
            }
        }
        return new SqlError(line, position - lineStart + 1, message, expected);
    }
}
