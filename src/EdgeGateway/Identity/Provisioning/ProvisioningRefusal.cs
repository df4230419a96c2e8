namespace EdgeGateway.Identity.Provisioning;

/// <summary>What a device hears on <c>/rejected</c>. Only the token's name is seen in public sources; the others are named alike.</summary>
internal sealed class ProvisioningRefusal(int statusCode, string errorCode, string message) : Exception(message)
{
    public int StatusCode => statusCode;

    public string ErrorCode => errorCode;

    public static ProvisioningRefusal Token() => new(400, "InvalidCertificateOwnershipToken", "The certificate ownership token is unknown, used, ended, or not yours.");

    public static ProvisioningRefusal Request(string message) => new(400, "InvalidRequest", message);

    public static ProvisioningRefusal Parameters(string message) => new(400, "InvalidParameters", message);

    public static ProvisioningRefusal Csr(string message) => new(400, "InvalidCSR", message);

    public static ProvisioningRefusal Denied(string message) => new(403, "AccessDenied", message);

    public static ProvisioningRefusal NotFound(string message) => new(404, "ResourceNotFound", message);

    public static ProvisioningRefusal Throttled() => new(429, "Throttled", "Too many certificates wait for their provisioning; try again later.");

    public static ProvisioningRefusal Of(IdentityException fault) => fault.Error switch
    {
        _ when fault.Error == IdentityError.ResourceNotFound => NotFound(fault.Message),
        _ when fault.Error == IdentityError.ResourceAlreadyExists => new(409, "ResourceConflict", fault.Message),
        _ => Request(fault.Message),
    };
}
