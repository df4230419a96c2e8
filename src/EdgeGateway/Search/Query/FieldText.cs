using System.Text;

namespace EdgeGateway.Search.Query;

/// <summary>Comparing texts without regard to case.</summary>
internal static class FieldText
{
    public static bool Same(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> other)
    {
        if (Ascii.IsValid(utf8) && Ascii.IsValid(other))
            return Ascii.EqualsIgnoreCase(utf8, other);
        return string.Equals(Encoding.UTF8.GetString(utf8), Encoding.UTF8.GetString(other), StringComparison.OrdinalIgnoreCase);
    }

    public static int Compare(string text, string? other) => string.Compare(text, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Time at most the product of both lengths, whatever the pattern.</summary>
    public static bool Matches(ReadOnlySpan<char> text, IReadOnlyList<Piece> pattern)
    {
        int at = 0, piece = 0, run = -1, runAt = 0;
        while (at < text.Length)
        {
            if (piece < pattern.Count && pattern[piece] == Piece.AnyRun)
            {
                run = piece++;
                runAt = at;
            }
            else if (piece < pattern.Count && (pattern[piece] == Piece.AnyOne || Same(pattern[piece].Character, text[at])))
            {
                at++;
                piece++;
            }
            else if (run >= 0) // the last run takes one character more
            {
                piece = run + 1;
                at = ++runAt;
            }
            else
                return false;
        }
        while (piece < pattern.Count && pattern[piece] == Piece.AnyRun)
            piece++;
        return piece == pattern.Count;
    }

    private static bool Same(char a, char b) => a == b || char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
