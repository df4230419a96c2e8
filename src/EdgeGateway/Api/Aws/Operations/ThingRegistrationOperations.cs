using EdgeGateway.Identity;
using EdgeGateway.Identity.Provisioning;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>RegisterThing of the control plane: one template, one thing, at once (AWS guide: Device provisioning).</summary>
internal sealed class ThingRegistrationOperations(ThingRegistration registration) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers => [new("RegisterThing", RegisterAsync)];

    private async ValueTask<AwsReply> RegisterAsync(AwsCall call, CancellationToken cancellationToken)
    {
        try
        {
            var parameters = call.Body.Map("parameters") ?? new Dictionary<string, string>();
            var (pem, resources) = await registration.RegisterAsync(call.Body.Required("templateBody"), parameters, call.Caller.Actor, cancellationToken);
            return AwsReply.Json(writer =>
            {
                writer.WriteOptional("certificatePem", pem);
                writer.WriteMap("resourceArns", resources);
            });
        }
        catch (IdentityException fault) when (fault.Error == IdentityError.ResourceAlreadyExists)
        {
            throw new AwsException(400, "ResourceRegistrationFailureException", fault.Message);
        }
    }
}
