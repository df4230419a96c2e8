namespace EdgeGateway.Drivers;

/// <summary>Why an option cannot be taken: for a message that names file, line and key.</summary>
/// <param name="Value">As written; null where the option is missing.</param>
public sealed record OptionFault(string Option, string? Value, string Expectation)
{
    public override string ToString() => Value is null ? $"option '{Option}' is missing: {Expectation}" : $"option '{Option}' is '{Value}': expected {Expectation}";
}
