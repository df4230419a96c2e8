using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api.Aws;

/// <summary>Which role an operation of the control plane needs. The data plane asks policies instead (AWS guide: IoT policies).</summary>
internal static class AwsPermissions
{
    // Who may connect and with which rights is the administrator's; things, groups, rules and shadows are the operator's.
    private static readonly string[] Administered =
    [
        "/cacertificate", "/certificate", "/certificates", "/keys-and-certificate", "/registrationcode", "/policies", "/principal-policies", "/target-policies",
        "/authorizer", "/default-authorizer", "/role-aliases", "/provisioning-templates", "/domainConfigurations", "/thing-registration-tasks",
    ];

    public static Role RoleFor(AwsRoute route)
    {
        if (route.IsReadOnly)
            return Role.Viewer;
        return route.Name == "RegisterThing" || Administered.Any(start => route.Path == start || route.Path.StartsWith(start + "/", StringComparison.Ordinal))
            ? Role.Administrator
            : Role.Operator;
    }

    /// <exception cref="AwsException">403.</exception>
    public static void Require(Caller caller, AwsRoute route)
    {
        if (route.Service != AwsService.Iot)
            return;
        var needed = RoleFor(route);
        if (caller.Role is not { } role)
            throw new AwsException(403, "AccessDeniedException", $"{caller.Actor} is a device: it may not perform iot:{route.Name}");
        if (role < needed)
            throw new AwsException(403, "AccessDeniedException", $"{caller.Actor} has the role {role.ToWire()}, iot:{route.Name} needs {needed.ToWire()}");
    }
}
