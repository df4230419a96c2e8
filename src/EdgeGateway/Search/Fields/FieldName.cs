using System.Text;

namespace EdgeGateway.Search.Fields;

/// <summary>
/// A field's name as it stands in the index: 64 bits (FNV-1a) of its dotted path, such as <c>shadow.reported.temperature</c>. Names themselves are
/// not kept, so a device that writes ever new ones leaves nothing behind.
/// </summary>
internal static class FieldName
{
    public const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(string path) => Continue(Start, Encoding.UTF8.GetBytes(path));

    /// <summary>The name that a longer path has, whose beginning has the name <paramref name="start"/>.</summary>
    public static ulong Continue(ulong start, ReadOnlySpan<byte> rest)
    {
        foreach (var octet in rest)
            start = unchecked((start ^ octet) * Prime);
        return start;
    }
}
