namespace EdgeGateway.Identity.Policies;

/// <summary>Names of the actions asked for per packet (AWS guide: IoT policies).</summary>
public static class PolicyActions
{
    public const string Connect = "iot:Connect";
    public const string Publish = "iot:Publish";
    public const string RetainPublish = "iot:RetainPublish";
    public const string Subscribe = "iot:Subscribe";
    public const string Receive = "iot:Receive";
}
