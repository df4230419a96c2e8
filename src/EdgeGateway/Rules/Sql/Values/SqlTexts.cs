using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Short texts that come again and again, such as the states of devices: the last ones of each thread are kept, so that reading one anew
/// allocates nothing.
/// </summary>
internal static class SqlTexts
{
    private const int Slots = 256;
    private const int MaxBytes = 32;

    [ThreadStatic]
    private static string?[]? s_known;

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > MaxBytes)
            return utf8.Length == 0 ? "" : Encoding.UTF8.GetString(utf8);
        var known = s_known ??= new string?[Slots];
        ref var slot = ref known[(int)(Hash(utf8) % Slots)];
        return slot is { } text && IsSame(text, utf8) ? text : slot = Encoding.UTF8.GetString(utf8);
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u; // FNV-1a
        foreach (var one in utf8)
            hash = (hash ^ one) * 16777619;
        return hash;
    }

    private static bool IsSame(string text, ReadOnlySpan<byte> utf8)
    {
        Span<byte> bytes = stackalloc byte[3 * MaxBytes];
        return text.Length <= MaxBytes && bytes[..Encoding.UTF8.GetBytes(text, bytes)].SequenceEqual(utf8);
    }
}
