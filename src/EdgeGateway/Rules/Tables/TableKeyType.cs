namespace EdgeGateway.Rules.Tables;

/// <summary>AWS's STRING and NUMBER.</summary>
public enum TableKeyType
{
    String,
    Number,
}
