using System.Collections.Frozen;

namespace EdgeGateway.Drivers;

/// <summary>The options of one device, checked against its driver's metadata; what is not given has its default.</summary>
public sealed class DriverOptions
{
    private readonly FrozenDictionary<string, string> _values;

    internal DriverOptions(FrozenDictionary<string, string> values) => _values = values;

    /// <summary>False for an option without default that was not given; others always have a value.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    public string Text(string name) => _values[name];

    public string[] List(string name) => OptionText.Words(_values[name]);

    public int Integer(string name) => OptionText.TryInteger(_values[name], out var value) ? value : throw Unchecked(name);

    public double Number(string name) => OptionText.TryNumber(_values[name], out var value) ? value : throw Unchecked(name);

    public bool Boolean(string name) => OptionText.TryBoolean(_values[name], out var value) ? value : throw Unchecked(name);

    public TimeSpan Duration(string name) => OptionText.TryDuration(_values[name], out var value) ? value : throw Unchecked(name);

    // The metadata and the driver disagree about the type: a defect of the driver, not of the user.
    private static InvalidOperationException Unchecked(string name) => new($"Option '{name}' is read as another type than its metadata says.");
}
