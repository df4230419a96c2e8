using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity.Credentials;

/// <summary>Roles as they are spelt, and what each may do over MQTT and on the data plane.</summary>
public static class Roles
{
    private static readonly PolicyDocument ViewerPolicy = PolicyDocument.Parse(
        """
        { "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Resource": "*",
          "Action": ["iot:Connect", "iot:Subscribe", "iot:Receive", "iot:Get*", "iot:List*", "iot:Describe*"] } }
        """);

    private static readonly PolicyDocument OperatorPolicy = PolicyDocument.Parse(
        """{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "iot:*", "Resource": "*" } }""");

    public static string ToWire(this Role role) => role switch
    {
        Role.Administrator => "administrator",
        Role.Operator => "operator",
        _ => "viewer",
    };

    public static bool TryParse(string? text, out Role role)
    {
        foreach (var candidate in Enum.GetValues<Role>())
        {
            if (string.Equals(candidate.ToWire(), text, StringComparison.OrdinalIgnoreCase))
            {
                role = candidate;
                return true;
            }
        }
        role = default;
        return false;
    }

    /// <summary>What a principal of this role brings to a connection of its own.</summary>
    public static PolicyDocument Document(this Role role) => role == Role.Viewer ? ViewerPolicy : OperatorPolicy;
}
