using System.Globalization;

namespace EdgeGateway.Configuration;

/// <summary>
/// One place in the configuration tree: a scalar, a mapping, a list, or nothing at all (an absent section reads as all defaults).
/// A wrong value is recorded as a fault with file, line, key and expectation, and reading goes on with the default, so that
/// all faults are named at once by <see cref="ConfigurationTree.ThrowIfFaulty"/>. What nobody read is an unknown key.
/// </summary>
public sealed class ConfigurationNode
{
    private readonly List<ConfigurationFault> _faults;

    internal ConfigurationNode(string path, string place, List<ConfigurationFault> faults)
    {
        Path = path;
        Place = place;
        _faults = faults;
    }

    /// <summary>Dotted path from the root, such as <c>upstream.0.endpoint</c>; empty for the root.</summary>
    public string Path { get; }

    /// <summary>Where the value was written: <c>FILE:LINE</c>, an environment variable, or <c>--set</c>.</summary>
    public string Place { get; internal set; }

    public bool Exists => Scalar is not null || Children is not null || Elements is not null;

    internal string? Scalar { get; set; }
    internal bool IsNull { get; set; }
    internal Dictionary<string, ConfigurationNode>? Children { get; set; }
    internal List<ConfigurationNode>? Elements { get; set; }
    internal bool WasRead { get; set; }

    /// <summary>Named by an environment variable, which is upper case by custom while keys are camel case: matches whatever key is asked for.</summary>
    internal bool AnyCase { get; set; }

    /// <summary>Keys of a mapping in their written order.</summary>
    public IReadOnlyCollection<string> Keys
    {
        get
        {
            WasRead = true;
            return Children is null ? [] : Children.Keys;
        }
    }

    /// <summary>A nested mapping; absent, everything in it has its default.</summary>
    public ConfigurationNode Section(string key)
    {
        var child = Child(key);
        if (child.Scalar is not null && !child.IsNull)
            child.Fault($"is '{child.Scalar}', expected a mapping (key: value)");
        else if (child.Elements is not null)
            child.Fault("is a list, expected a mapping (key: value)");
        return child;
    }

    /// <summary>A list of mappings or scalars; absent, it is empty.</summary>
    public IReadOnlyList<ConfigurationNode> Items(string key)
    {
        var child = Child(key);
        child.WasRead = true;
        if (child.Elements is not null)
            return child.Elements;
        if (child.Exists && !child.IsNull)
            child.Fault("expected a list (- item)");
        return [];
    }

    /// <summary>A list of strings; a lone scalar counts as a list of one.</summary>
    public IReadOnlyList<string> Strings(string key)
    {
        var child = Child(key);
        child.WasRead = true;
        if (child.Scalar is { } lone && !child.IsNull)
            return [lone];
        var values = new List<string>();
        foreach (var element in Items(key))
            if (element.Text() is { } value)
                values.Add(value);
        return values;
    }

    /// <summary>The scalar of this node itself, such as an element of a list; null and a fault if it is none.</summary>
    public string? Text()
    {
        WasRead = true;
        if (Scalar is null)
            Fault("expected a single value");
        return Scalar;
    }

    public string? String(string key)
    {
        var child = Child(key);
        child.WasRead = true;
        if (!child.Exists || child.IsNull)
            return null;
        if (child.Scalar is null)
            child.Fault("expected a single value");
        return child.Scalar;
    }

    public string String(string key, string ifAbsent) => String(key) ?? ifAbsent;

    /// <summary>A value that must be there; a fault and the empty string if it is not.</summary>
    public string Required(string key, string meaning)
    {
        var value = String(key);
        if (string.IsNullOrEmpty(value))
            Fault(key, $"is missing, expected {meaning}");
        return value ?? "";
    }

    public bool Boolean(string key, bool ifAbsent) => Read(key, ifAbsent, "true or false", static text => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => null,
    });

    public int Int32(string key, int ifAbsent, int atLeast = int.MinValue, int atMost = int.MaxValue) =>
        (int)Int64(key, ifAbsent, atLeast, atMost);

    /// <summary>A whole number, decimal or <c>0x</c> hexadecimal.</summary>
    public long Int64(string key, long ifAbsent, long atLeast = long.MinValue, long atMost = long.MaxValue) =>
        InRange(key, Read(key, ifAbsent, "a whole number", ParseWhole), ifAbsent, atLeast, atMost, static value => value.ToString(CultureInfo.InvariantCulture));

    public double Double(string key, double ifAbsent, double atLeast = double.MinValue, double atMost = double.MaxValue) =>
        InRange(
            key,
            Read(key, ifAbsent, "a number", static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null),
            ifAbsent, atLeast, atMost, static value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A duration such as <c>250ms</c>, <c>5s</c>, <c>10m</c>, <c>12h</c> or <c>30d</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan ifAbsent, TimeSpan? atLeast = null, TimeSpan? atMost = null) =>
        InRange(key, Read(key, ifAbsent, "a duration such as 250ms, 5s, 10m, 12h or 30d", Units.ParseDuration), ifAbsent,
            atLeast ?? TimeSpan.Zero, atMost ?? TimeSpan.MaxValue, Units.FormatDuration);

    /// <summary>Bytes, written such as <c>512</c>, <c>64KB</c>, <c>8MB</c> or <c>2GB</c> (powers of 1024).</summary>
    public long Size(string key, long ifAbsent, long atLeast = 0, long atMost = long.MaxValue) =>
        InRange(key, Read(key, ifAbsent, "a size such as 512, 64KB, 8MB or 2GB", Units.ParseSize), ifAbsent, atLeast, atMost, Units.FormatSize);

    /// <summary>Bits per second, written such as <c>200kbit</c> or <c>2Mbit</c> (powers of 1000); null if absent.</summary>
    public long? Rate(string key) => Child(key).Exists ? Read(key, 0L, "a rate such as 200kbit or 2Mbit", Units.ParseRate) : null;

    /// <summary>One of a few words, compared without case.</summary>
    public string OneOf(string key, string ifAbsent, params ReadOnlySpan<string> allowed)
    {
        if (String(key) is not { } value)
            return ifAbsent;
        foreach (var word in allowed)
            if (string.Equals(word, value, StringComparison.OrdinalIgnoreCase))
                return word;
        Fault(key, $"is '{value}', expected {string.Join(" or ", allowed.ToArray())}");
        return ifAbsent;
    }

    /// <summary>The number at an index of this list; null if there is none.</summary>
    public double? At(int index)
    {
        AcceptAll();
        return Elements is not null && index < Elements.Count && double.TryParse(Elements[index].Scalar, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>Records a fault at one key of this mapping.</summary>
    public void Fault(string key, string message) => Child(key).Fault(message);

    /// <summary>Records a fault at this node.</summary>
    public void Fault(string message)
    {
        WasRead = true;
        _faults.Add(new(Place, Path, message));
    }

    /// <summary>Says that everything below is read elsewhere or free-form, so nothing in it is an unknown key.</summary>
    public void AcceptAll()
    {
        WasRead = true;
        foreach (var child in Children?.Values ?? (IEnumerable<ConfigurationNode>)[])
            child.AcceptAll();
        foreach (var element in Elements ?? [])
            element.AcceptAll();
    }

    internal ConfigurationNode Child(string key)
    {
        WasRead = true;
        if (Find(key, anyCase: false) is { } child)
        {
            child.WasRead = true;
            return child;
        }
        return new(Path.Length == 0 ? key : $"{Path}.{key}", Place, _faults);
    }

    internal ConfigurationNode? Find(string key, bool anyCase)
    {
        if (Children is null)
            return null;
        if (Children.TryGetValue(key, out var exact))
            return exact;
        foreach (var (name, child) in Children)
            if ((anyCase || child.AnyCase) && string.Equals(name, key, StringComparison.OrdinalIgnoreCase))
                return child;
        return null;
    }

    internal void AddUnknownKeys(List<ConfigurationFault> unknown)
    {
        if (!WasRead)
        {
            unknown.Add(new(Place, Path, "is not a known key"));
            return;
        }
        foreach (var child in Children?.Values ?? (IEnumerable<ConfigurationNode>)[])
            child.AddUnknownKeys(unknown);
        foreach (var element in Elements ?? [])
            element.AddUnknownKeys(unknown);
    }

    private static long? ParseWhole(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private T Read<T>(string key, T ifAbsent, string expected, Func<string, T?> parse) where T : struct
    {
        if (String(key) is not { } text)
            return ifAbsent;
        if (parse(text) is { } value)
            return value;
        Fault(key, $"is '{text}', expected {expected}");
        return ifAbsent;
    }

    private T InRange<T>(string key, T value, T ifAbsent, T atLeast, T atMost, Func<T, string> format) where T : IComparable<T>
    {
        if (!Child(key).Exists || (value.CompareTo(atLeast) >= 0 && value.CompareTo(atMost) <= 0))
            return value;
        Fault(key, value.CompareTo(atLeast) < 0 ? $"is {format(value)}, expected at least {format(atLeast)}" : $"is {format(value)}, expected at most {format(atMost)}");
        return ifAbsent;
    }
}
