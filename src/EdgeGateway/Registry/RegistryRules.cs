using System.Buffers;
using System.Globalization;

namespace EdgeGateway.Registry;

/// <summary>What names, attributes, descriptions and tags may look like (AWS IoT API reference).</summary>
internal static class RegistryRules
{
    public const int MaxAttributes = 50;
    public const int MaxDescription = 2028;
    public const int MaxSearchableAttributes = 3;
    public const int MaxPropagatingAttributes = 20;
    public const int MaxGroupDepth = 7;
    public const int MaxChildGroups = 100;
    public const int MaxGroupsPerThing = 10;
    public const int MaxTags = 50;

    private const int MaxName = 128;
    private const int MaxAttributeValue = 800;
    private const int MaxTagKey = 128;
    private const int MaxTagValue = 256;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(Letters + ":_-");
    private static readonly SearchValues<char> AttributeNameCharacters = SearchValues.Create(Letters + "_.,@/:#-");
    private static readonly SearchValues<char> AttributeValueCharacters = SearchValues.Create(Letters + "_.,@/:#=[]-");

    public static RegistryError? Name(string member, string name) => name.Length switch
    {
        0 or > MaxName => RegistryError.Invalid($"{member} is {name.Length} characters long, allowed are 1 to {MaxName}"),
        _ => name.AsSpan().ContainsAnyExcept(NameCharacters) ? RegistryError.Invalid($"{member} is '{Shown(name)}', allowed are letters, digits, ':', '_' and '-'") : null,
    };

    public static RegistryError? Attributes(IReadOnlyDictionary<string, string> attributes)
    {
        foreach (var (name, value) in attributes)
            if ((AttributeName("attributes", name) ?? AttributeValue(name, value)) is { } error)
                return error;
        return null;
    }

    public static RegistryError? AttributeName(string member, string name)
    {
        if (name.Length is 0 or > MaxName)
            return RegistryError.Invalid($"{member} has a name of {name.Length} characters, allowed are 1 to {MaxName}");
        return name.AsSpan().ContainsAnyExcept(AttributeNameCharacters)
            ? RegistryError.Invalid($"{member} has the name '{Shown(name)}', allowed are letters, digits and _.,@/:#-")
            : null;
    }

    public static RegistryError? Description(string member, string? text)
    {
        if (text is null)
            return null;
        if (text.Length > MaxDescription)
            return RegistryError.Invalid($"{member} is {text.Length} characters long, allowed are at most {MaxDescription}");
        return text.Any(static c => char.IsControl(c)) ? RegistryError.Invalid($"{member} holds control characters, allowed are printable ones") : null;
    }

    public static RegistryError? TypeProperties(ThingTypeProperties properties)
    {
        if (Description("thingTypeDescription", properties.Description) is { } error)
            return error;
        if (properties.SearchableAttributes.Count > MaxSearchableAttributes)
            return RegistryError.Invalid($"searchableAttributes has {properties.SearchableAttributes.Count} entries, allowed are at most {MaxSearchableAttributes}");
        foreach (var name in properties.SearchableAttributes)
            if (AttributeName("searchableAttributes", name) is { } bad)
                return bad;
        return PropagatingAttributes(properties.PropagatingAttributes ?? []);
    }

    public static RegistryError? Tags(IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (key, value) in tags)
            if ((TagKey(key) ?? TagValue(key, value)) is { } error)
                return error;
        return tags.Count > MaxTags ? TooManyTags(tags.Count) : null;
    }

    public static RegistryError TooManyTags(int count) =>
        new(RegistryErrorKind.LimitExceeded, $"tags would be {count}, allowed are at most {MaxTags} for one resource");

    public static RegistryError? TagKey(string key)
    {
        if (key.Length is 0 or > MaxTagKey)
            return RegistryError.Invalid($"tags has a key of {key.Length} characters, allowed are 1 to {MaxTagKey}");
        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            return RegistryError.Invalid($"tags has the key '{Shown(key)}', the prefix aws: is reserved");
        return key.All(IsTagCharacter) ? null : RegistryError.Invalid($"tags has the key '{Shown(key)}', allowed are letters, digits, spaces and _.:/=+-@");
    }

    /// <summary>A value within a message: short, without control characters.</summary>
    private static string Shown(string value)
    {
        var text = string.Concat(value.Take(64).Select(static c => char.IsControl(c) ? '?' : c));
        return value.Length > 64 ? text + "…" : text;
    }

    private static RegistryError? AttributeValue(string name, string value)
    {
        if (value.Length > MaxAttributeValue)
            return RegistryError.Invalid($"attributes gives '{name}' a value of {value.Length} characters, allowed are at most {MaxAttributeValue}");
        return value.AsSpan().ContainsAnyExcept(AttributeValueCharacters)
            ? RegistryError.Invalid($"attributes gives '{name}' the value '{Shown(value)}', allowed are letters, digits and _.,@/:#=[]-")
            : null;
    }

    private static RegistryError? PropagatingAttributes(IReadOnlyList<PropagatingAttribute> attributes)
    {
        if (attributes.Count > MaxPropagatingAttributes)
            return RegistryError.Invalid($"propagatingAttributes has {attributes.Count} entries, allowed are at most {MaxPropagatingAttributes}");
        foreach (var attribute in attributes)
        {
            if (AttributeName("userPropertyKey", attribute.UserPropertyKey) is { } bad)
                return bad;
            if (attribute.ThingAttribute is null == attribute.ConnectionAttribute is null)
                return RegistryError.Invalid($"propagatingAttributes '{attribute.UserPropertyKey}' needs one of thingAttribute and connectionAttribute");
            if (attribute.ConnectionAttribute is not (null or "iot:ClientId" or "iot:Thing.ThingName"))
                return RegistryError.Invalid($"connectionAttribute is '{Shown(attribute.ConnectionAttribute)}', allowed are iot:ClientId and iot:Thing.ThingName");
        }
        return null;
    }

    private static RegistryError? TagValue(string key, string value)
    {
        if (value.Length > MaxTagValue)
            return RegistryError.Invalid($"tags gives '{key}' a value of {value.Length} characters, allowed are at most {MaxTagValue}");
        return value.All(IsTagCharacter) ? null : RegistryError.Invalid($"tags gives '{key}' the value '{Shown(value)}', allowed are letters, digits, spaces and _.:/=+-@");
    }

    private static bool IsTagCharacter(char c) =>
        char.IsLetter(c) || char.IsNumber(c) || "_.:/=+-@".Contains(c, StringComparison.Ordinal)
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.Surrogate;
}
