namespace EdgeGateway.Pages.Gateway;

/// <summary>The gateway answered, but no: worded by it (problem details), shown as it stands.</summary>
internal sealed class GatewayRefusal(int status, string message) : Exception(message)
{
    public int Status => status;
}
