using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>A value of an output's state: a text (<c>on</c>, a display's line) or a number.</summary>
public readonly record struct StateValue
{
    private StateValue(string? text, double number) => (Text, Number) = (text, number);

    /// <summary>The text, null where the value is a number.</summary>
    public string? Text { get; }

    /// <summary>The number, 0 where the value is a text.</summary>
    public double Number { get; }

    public bool IsNumber => Text is null;

    public static implicit operator StateValue(string text) => new(text ?? throw new ArgumentNullException(nameof(text)), 0);

    public static implicit operator StateValue(double number) => new(null, number);

    public static StateValue FromString(string text) => text;

    public static StateValue FromDouble(double number) => number;

    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}
