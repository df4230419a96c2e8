using System.Globalization;

namespace EdgeGateway.Identity.Policies;

/// <summary>Values of the policy variables and condition keys for one request; a key without a value is missing (AWS guide: IoT policies).</summary>
/// <remarks>Key names are compared without case, attribute names with. Built once, then only read.</remarks>
internal sealed class PolicyContext
{
    /// <summary>The cloud looks at the first five values of a certificate field.</summary>
    private const int MaxCertificateValues = 5;

    private const int MaxSubstitutedCharacters = 1024;
    private const string CertificatePrefix = "iot:Certificate.";
    private const string AttributesPrefix = "iot:Connection.Thing.Attributes[";

    private readonly Dictionary<string, IReadOnlyList<string>> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);

    public PolicyContext()
    {
    }

    /// <summary>Starts from the values of another.</summary>
    public PolicyContext(PolicyContext basis)
    {
        foreach (var (key, values) in basis._values)
            _values[key] = values;
        foreach (var (name, value) in basis._attributes)
            _attributes[name] = value;
    }

    /// <summary>The key's values; empty when it is missing.</summary>
    public IReadOnlyList<string> Values(string key)
    {
        if (key.StartsWith(AttributesPrefix, StringComparison.OrdinalIgnoreCase) && key.EndsWith(']'))
            return _attributes.TryGetValue(key[AttributesPrefix.Length..^1], out var attribute) ? [attribute] : [];
        if (!key.StartsWith(CertificatePrefix, StringComparison.OrdinalIgnoreCase))
            return _values.GetValueOrDefault(key) ?? [];
        if (key.Equals(PolicyKeys.AvailableKeys, StringComparison.OrdinalIgnoreCase))
            return _values.GetValueOrDefault(key) ?? [];
        var dot = key.LastIndexOf('.');
        var suffix = key.AsSpan(dot + 1);
        if (suffix.Equals("List", StringComparison.OrdinalIgnoreCase))
            return _values.GetValueOrDefault(key[..dot]) ?? [];
        var index = 0;
        if (int.TryParse(suffix, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            if (number == 0)
                return [];
            index = number;                                          // .1 is the second value
            key = key[..dot];
        }
        return _values.GetValueOrDefault(key) is { } all && index < all.Count ? [all[index]] : [];
    }

    /// <summary>What <c>${name}</c> becomes; null when it stays as it is.</summary>
    public string? Substitute(string name)
    {
        if (PolicyKeys.ConditionOnly.Contains(name) || name.EndsWith(".List", StringComparison.OrdinalIgnoreCase))
            return null;
        if (Values(name) is not [var value, ..])
            return null;
        var ofCertificate = name.StartsWith(CertificatePrefix, StringComparison.OrdinalIgnoreCase);
        return ofCertificate && (value.Length > MaxSubstitutedCharacters || value.AsSpan().ContainsAny("*$+?#")) ? null : value;
    }

    public PolicyContext Set(string key, string? value)
    {
        if (value is not null)
            _values[key] = [value];
        return this;
    }

    public PolicyContext Set(string key, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
            _values[key] = values;
        return this;
    }

    public PolicyContext SetCertificateField(string key, IReadOnlyList<string> values) => Set(key, [.. values.Take(MaxCertificateValues)]);

    public PolicyContext SetAttribute(string name, string value)
    {
        _attributes[name] = value;
        return this;
    }

    /// <summary>Sets <c>iot:Certificate.AvailableKeys</c> to the certificate keys set so far.</summary>
    public PolicyContext SealCertificate() =>
        Set(PolicyKeys.AvailableKeys, [.. _values.Keys.Where(key => key.StartsWith(CertificatePrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
}
