namespace EdgeGateway.Shadows;

/// <summary>Which shadow (AWS guide: Shadow documents).</summary>
/// <param name="Thing">1 to 128 of letters, digits, ':', '_' and '-'; the thing need not be registered.</param>
/// <param name="Name">1 to 64 of the same characters and '$', as in the reserved <c>$package</c>; empty for the classic shadow.</param>
public readonly record struct ShadowId(string Thing, string Name)
{
    public const int MaxThingLength = 128;
    public const int MaxNameLength = 64;

    public static ShadowId Classic(string thing) => new(thing, "");

    public bool IsClassic => Name.Length == 0;

    /// <summary>False for characters or lengths that no shadow can have.</summary>
    public bool IsValid => IsValidThing(Thing) && (IsClassic || IsValidName(Name));

    /// <summary><c>$aws/things/T/shadow</c> or <c>$aws/things/T/shadow/name/N</c>, without a slash at the end.</summary>
    public string TopicPrefix => IsClassic ? $"$aws/things/{Thing}/shadow" : $"$aws/things/{Thing}/shadow/name/{Name}";

    public static bool IsValidThing(string? thing) => HasValidCharacters(thing, MaxThingLength, "");

    public static bool IsValidName(string? name) => HasValidCharacters(name, MaxNameLength, "$");

    /// <summary>As error messages print it: the thing, or <c>THING~NAME</c>.</summary>
    public override string ToString() => IsClassic ? Thing : $"{Thing}~{Name}";

    private static bool HasValidCharacters(string? text, int atMost, string others)
    {
        if (text is null || text.Length == 0 || text.Length > atMost)
            return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not (':' or '_' or '-') && !others.Contains(c, StringComparison.Ordinal))
                return false;
        return true;
    }
}
