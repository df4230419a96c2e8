namespace EdgeGateway.Identity.Policies;

/// <summary>Names of the policy variables and condition keys (AWS guide: IoT policies).</summary>
internal static class PolicyKeys
{
    public const string ClientId = "iot:ClientId";
    public const string SourceIp = "aws:SourceIp";
    public const string CertificateId = "iot:CertificateId";
    public const string ThingName = "iot:Connection.Thing.ThingName";
    public const string ThingTypeName = "iot:Connection.Thing.ThingTypeName";
    public const string IsAttached = "iot:Connection.Thing.IsAttached";
    public const string ConnectAttributes = "iot:ConnectAttributes";
    public const string LastWillTopic = "iot:LastWillTopic";
    public const string DomainName = "iot:DomainName";
    public const string SerialNumber = "iot:Certificate.SerialNumber";
    public const string AvailableKeys = "iot:Certificate.AvailableKeys";

    /// <summary>Not substituted into Resource or values.</summary>
    public static readonly HashSet<string> ConditionOnly =
        new([ConnectAttributes, LastWillTopic, DomainName, AvailableKeys], StringComparer.OrdinalIgnoreCase);
}
