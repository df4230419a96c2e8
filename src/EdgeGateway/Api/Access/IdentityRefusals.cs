using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Identity.Provisioning;

namespace EdgeGateway.Api.Access;

/// <summary>Words identity's refusals as problem details, in one place for all its endpoints.</summary>
internal sealed class IdentityRefusals : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (IdentityException refusal)
        {
            return Problems.Problem(refusal.Error.Status, refusal.Error.Code, refusal.Message);
        }
        catch (MalformedPolicyException fault)
        {
            return Problems.Problem(StatusCodes.Status400BadRequest, "MalformedPolicyException", $"the policy document, {fault.Message}");
        }
        catch (TemplateException fault)
        {
            return Problems.Problem(StatusCodes.Status400BadRequest, "InvalidRequestException", $"the template: {fault.Message}");
        }
    }
}
