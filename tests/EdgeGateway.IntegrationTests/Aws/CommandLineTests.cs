namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>The AWS CLI, as a person types it.</summary>
public sealed class CommandLineTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    // refused TYPE COMMAND...: the command must fail with that error.
    private const string Preamble =
        """
        set -euo pipefail
        iot() { aws --endpoint-url "$ENDPOINT" --output text iot "$@"; }
        data() { aws --endpoint-url "$ENDPOINT" --output text iot-data "$@"; }
        refused() { local type=$1 said; shift; if said=$("$@" 2>&1); then echo "not refused: $*" >&2; exit 1; fi; [[ $said == *"($type)"* ]] || { echo "expected $type of $*: $said" >&2; exit 1; }; }
        equal() { [[ $1 == "$2" ]] || { echo "expected '$2', got '$1'" >&2; exit 1; }; }

        """;

    [Fact]
    public Task Things() => BashAsync(
        """
        iot create-thing-type --thing-type-name c-type > /dev/null
        iot create-thing --thing-name c-lamp --thing-type-name c-type --attribute-payload attributes={room=hall} > /dev/null
        refused ResourceAlreadyExistsException iot create-thing --thing-name c-lamp
        iot update-thing --thing-name c-lamp --attribute-payload 'attributes={floor=1},merge=true' --expected-version 1
        equal "$(iot describe-thing --thing-name c-lamp --query '[version,attributes.room,attributes.floor]')" $'2\thall\t1'
        refused ResourceNotFoundException iot describe-thing --thing-name none
        equal "$(iot list-things --thing-type-name c-type --query 'things[].thingName')" c-lamp
        iot create-thing-group --thing-group-name c-group > /dev/null
        iot add-thing-to-thing-group --thing-group-name c-group --thing-name c-lamp
        equal "$(iot list-things-in-thing-group --thing-group-name c-group --query things)" c-lamp
        equal "$(iot list-thing-groups-for-thing --thing-name c-lamp --query 'thingGroups[].groupName')" c-group
        iot remove-thing-from-thing-group --thing-group-name c-group --thing-name c-lamp
        iot delete-thing-group --thing-group-name c-group
        iot deprecate-thing-type --thing-type-name c-type
        refused InvalidRequestException iot delete-thing-type --thing-type-name c-type
        iot delete-thing --thing-name c-lamp
        iot delete-thing-type --thing-type-name c-type
        [[ $(iot describe-endpoint --endpoint-type iot:Data-ATS) == 127.0.0.1:* ]]
        """);

    [Fact]
    public Task CertificatesAndPolicies() => BashAsync(
        """
        arn=$(iot create-keys-and-certificate --set-as-active --query certificateArn)
        iot create-policy --policy-name c-policy --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}' > /dev/null
        refused MalformedPolicyException iot create-policy --policy-name c-bad --policy-document '{}'
        iot attach-policy --policy-name c-policy --target "$arn"
        equal "$(iot list-attached-policies --target "$arn" --query 'policies[].policyName')" c-policy
        equal "$(iot list-targets-for-policy --policy-name c-policy --query 'targets')" "$arn"
        refused DeleteConflictException iot delete-policy --policy-name c-policy
        refused CertificateStateException iot delete-certificate --certificate-id "${arn##*/}"
        iot update-certificate --certificate-id "${arn##*/}" --new-status INACTIVE
        refused DeleteConflictException iot delete-certificate --certificate-id "${arn##*/}"
        iot detach-policy --policy-name c-policy --target "$arn"
        iot delete-policy --policy-name c-policy
        iot delete-certificate --certificate-id "${arn##*/}"
        refused ResourceNotFoundException iot describe-certificate --certificate-id "${arn##*/}"
        """);

    [Fact]
    public Task Messages() => BashAsync(
        """
        data publish --topic 'c/a b' --qos 1 --retain --cli-binary-format raw-in-base64-out --payload hello 2> /dev/null || data publish --topic 'c/a b' --qos 1 --retain --payload hello
        equal "$(data get-retained-message --topic 'c/a b' --query qos)" 1
        [[ $(data list-retained-messages --query 'retainedTopics[].topic') == *"c/a b"* ]]
        refused ResourceNotFoundException data get-retained-message --topic c/none
        """);

    private async Task BashAsync(string script) => (await Programs.RunAsync("bash", ["-c", Preamble + script], gateway.Environment())).Succeeded();
}
