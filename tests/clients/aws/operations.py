"""Every tier A operation by the AWS CLI: one success and the main error of each.

The CLI takes a second to start, so its commands run one after the other in this process, by its own main loop. Prints, as the last line, which
operations succeeded, which were refused as they should be, and which this version of the CLI does not know.
"""
import base64
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")
import awscli.clidriver
from botocore import xform_name

ENDPOINT = os.environ["ENDPOINT"]
FOLDER = tempfile.mkdtemp(prefix="aws-operations-")
ROLE = "arn:aws:iam::000000000000:role/anything"
LAMBDA = "arn:aws:lambda:edge:000000000000:function:"
PREFIX = "arn:aws:iot:edge:000000000000:"
NOBODY = "f" * 64
succeeded, refusals = set(), set()


def driver(key, secret):
    os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"] = key, secret
    made = awscli.clidriver.create_clidriver()
    made.session.get_credentials()
    return made


administrator = (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
DRIVERS = {
    "viewer": driver(*os.environ["VIEWER"].split(" ")),
    "stranger": driver("AKIA" + "A" * 16, "x" * 40),
    "administrator": driver(*administrator),
}
NAMES = {
    service: {xform_name(name, "-"): name for name in DRIVERS["administrator"].session.get_service_model(service).operation_names}
    for service in ("iot", "iot-data")
}


def run(who, service, command, arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = DRIVERS[who].main(["--endpoint-url", ENDPOINT, "--output", "json", service, command, *arguments])
    return code, out.getvalue(), err.getvalue()


def ok(service, command, *arguments):
    code, out, err = run("administrator", service, command, arguments)
    assert code == 0, f"aws {service} {command} {' '.join(arguments)} ended with {code}: {err}"
    succeeded.add(NAMES[service][command])
    return json.loads(out) if out.strip() else {}


def refused(error, service, command, *arguments, who="administrator"):
    code, out, err = run(who, service, command, arguments)
    name = NAMES[service][command]
    assert code == 254, f"aws {service} {command} {' '.join(arguments)} ended with {code}: {out}{err}"
    assert f"An error occurred ({error}) when calling the {name} operation" in err, f"expected {error} of aws {service} {command} {' '.join(arguments)}: {err}"
    assert len(err.split("operation: ")[-1].strip()) > 10, f"no message: {err}"
    refusals.add(name)


def iot(command, *arguments):
    return ok("iot", command, *arguments)


def no(error, command, *arguments, who="administrator"):
    refused(error, "iot", command, *arguments, who=who)


def too_long_a_page(command, *arguments, service="iot"):
    refused("InvalidRequestException", service, command, *arguments, "--page-size", "100000")


def path(name, content=None):
    where = os.path.join(FOLDER, name)
    if content is not None:
        with open(where, "w", encoding="utf-8") as file:
            file.write(content)
    return where


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout


def key(name):
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path(name))
    return path(name)


def own_ca(name):
    openssl("req", "-x509", "-new", "-key", key(f"{name}.key"), "-subj", f"/CN={name}", "-days", "3650", "-out", path(f"{name}.pem"))


def issue(ca, name):
    openssl("req", "-new", "-key", key(f"{name}.key"), "-subj", f"/CN={name}", "-out", path(f"{name}.csr"))
    openssl("x509", "-req", "-in", path(f"{name}.csr"), "-CA", path(f"{ca}.pem"), "-CAkey", path(f"{ca}.key"), "-CAcreateserial", "-days", "3650", "-out", path(f"{name}.pem"))


def file(name):
    return f"file://{path(name)}"


def blob(text):
    return base64.b64encode(text.encode()).decode()


def policy(effect="Allow", resource="*"):
    return json.dumps({"Version": "2012-10-17", "Statement": {"Effect": effect, "Action": "iot:*", "Resource": resource}})


def names(items, member):
    return [item[member] for item in items]


# Registry
iot("create-thing-type", "--thing-type-name", "o-type", "--thing-type-properties", "thingTypeDescription=d,searchableAttributes=room")
no("ResourceAlreadyExistsException", "create-thing-type", "--thing-type-name", "o-type", "--thing-type-properties", "thingTypeDescription=other")
assert iot("describe-thing-type", "--thing-type-name", "o-type")["thingTypeProperties"]["searchableAttributes"] == ["room"]
no("ResourceNotFoundException", "describe-thing-type", "--thing-type-name", "none")
assert "o-type" in names(iot("list-thing-types")["thingTypes"], "thingTypeName")
too_long_a_page("list-thing-types")
if "update-thing-type" in NAMES["iot"]:
    iot("update-thing-type", "--thing-type-name", "o-type", "--thing-type-properties", "thingTypeDescription=better")
    no("ResourceNotFoundException", "update-thing-type", "--thing-type-name", "none")
made = iot("create-thing", "--thing-name", "o-lamp", "--thing-type-name", "o-type", "--attribute-payload", "attributes={room=hall}")
assert made["thingArn"] == PREFIX + "thing/o-lamp"
no("ResourceAlreadyExistsException", "create-thing", "--thing-name", "o-lamp")
iot("update-thing", "--thing-name", "o-lamp", "--attribute-payload", "attributes={floor=1},merge=true", "--expected-version", "1")
no("VersionConflictException", "update-thing", "--thing-name", "o-lamp", "--expected-version", "1")
assert iot("describe-thing", "--thing-name", "o-lamp")["attributes"] == {"floor": "1", "room": "hall"}
no("ResourceNotFoundException", "describe-thing", "--thing-name", "none")
assert names(iot("list-things", "--thing-type-name", "o-type")["things"], "thingName") == ["o-lamp"]
too_long_a_page("list-things")
iot("create-thing-group", "--thing-group-name", "o-house", "--thing-group-properties", "thingGroupDescription=d")
no("ResourceAlreadyExistsException", "create-thing-group", "--thing-group-name", "o-house")
iot("create-thing-group", "--thing-group-name", "o-room", "--parent-group-name", "o-house")
assert iot("describe-thing-group", "--thing-group-name", "o-room")["thingGroupMetadata"]["parentGroupName"] == "o-house"
no("ResourceNotFoundException", "describe-thing-group", "--thing-group-name", "none")
assert iot("update-thing-group", "--thing-group-name", "o-house", "--thing-group-properties", "thingGroupDescription=e")["version"] == 2
no("VersionConflictException", "update-thing-group", "--thing-group-name", "o-house", "--thing-group-properties", "thingGroupDescription=f", "--expected-version", "1")
assert {"o-house", "o-room"} <= set(names(iot("list-thing-groups")["thingGroups"], "groupName"))
too_long_a_page("list-thing-groups")
iot("add-thing-to-thing-group", "--thing-group-name", "o-room", "--thing-name", "o-lamp")
no("ResourceNotFoundException", "add-thing-to-thing-group", "--thing-group-name", "none", "--thing-name", "o-lamp")
assert iot("list-things-in-thing-group", "--thing-group-name", "o-house", "--recursive")["things"] == ["o-lamp"]
no("ResourceNotFoundException", "list-things-in-thing-group", "--thing-group-name", "none")
assert names(iot("list-thing-groups-for-thing", "--thing-name", "o-lamp")["thingGroups"], "groupName") == ["o-room"]
no("ResourceNotFoundException", "list-thing-groups-for-thing", "--thing-name", "none")
iot("update-thing-groups-for-thing", "--thing-name", "o-lamp", "--thing-groups-to-remove", "o-room", "--thing-groups-to-add", "o-house")
no("ResourceNotFoundException", "update-thing-groups-for-thing", "--thing-name", "none", "--thing-groups-to-add", "o-house")
iot("remove-thing-from-thing-group", "--thing-group-name", "o-house", "--thing-name", "o-lamp")
no("ResourceNotFoundException", "remove-thing-from-thing-group", "--thing-group-name", "none", "--thing-name", "o-lamp")
no("InvalidRequestException", "delete-thing-group", "--thing-group-name", "o-house")
iot("delete-thing-group", "--thing-group-name", "o-room")

# Certificates
no("AccessDeniedException", "create-keys-and-certificate", who="viewer")
certificate = iot("create-keys-and-certificate", "--set-as-active")
openssl("req", "-new", "-key", key("own.key"), "-subj", "/CN=own", "-out", path("own.csr"))
signed = iot("create-certificate-from-csr", "--certificate-signing-request", file("own.csr"))
no("InvalidRequestException", "create-certificate-from-csr", "--certificate-signing-request", "no request")
assert len(iot("get-registration-code")["registrationCode"]) == 64
no("UnrecognizedClientException", "get-registration-code", who="stranger")
iot("delete-registration-code")
no("AccessDeniedException", "delete-registration-code", who="viewer")
own_ca("works")
issue("works", iot("get-registration-code")["registrationCode"])
os.rename(path(iot("get-registration-code")["registrationCode"] + ".pem"), path("proof.pem"))
issue("works", "device")
issue("works", "stray")
no("RegistrationCodeValidationException", "register-ca-certificate", "--ca-certificate", file("works.pem"), "--verification-certificate", file("device.pem"))
ca = iot("register-ca-certificate", "--ca-certificate", file("works.pem"), "--verification-certificate", file("proof.pem"), "--set-as-active")["certificateId"]
assert iot("describe-ca-certificate", "--certificate-id", ca)["certificateDescription"]["status"] == "ACTIVE"
no("ResourceNotFoundException", "describe-ca-certificate", "--certificate-id", NOBODY)
iot("update-ca-certificate", "--certificate-id", ca, "--new-auto-registration-status", "ENABLE")
no("ResourceNotFoundException", "update-ca-certificate", "--certificate-id", NOBODY, "--new-status", "INACTIVE")
assert names(iot("list-ca-certificates")["certificates"], "certificateId") == [ca]
too_long_a_page("list-ca-certificates")
device = iot("register-certificate", "--certificate-pem", file("device.pem"), "--ca-certificate-pem", file("works.pem"), "--status", "INACTIVE")["certificateId"]
no("ResourceAlreadyExistsException", "register-certificate", "--certificate-pem", file("device.pem"), "--ca-certificate-pem", file("works.pem"))
stray = iot("register-certificate-without-ca", "--certificate-pem", file("stray.pem"), "--status", "INACTIVE")["certificateId"]
no("ResourceAlreadyExistsException", "register-certificate-without-ca", "--certificate-pem", file("stray.pem"))
assert {certificate["certificateId"], signed["certificateId"], device, stray} <= set(names(iot("list-certificates")["certificates"], "certificateId"))
too_long_a_page("list-certificates")
assert names(iot("list-certificates-by-ca", "--ca-certificate-id", ca)["certificates"], "certificateId") == [device]
too_long_a_page("list-certificates-by-ca", "--ca-certificate-id", ca)
assert iot("describe-certificate", "--certificate-id", device)["certificateDescription"]["caCertificateId"] == ca
no("ResourceNotFoundException", "describe-certificate", "--certificate-id", NOBODY)
no("ResourceNotFoundException", "update-certificate", "--certificate-id", NOBODY, "--new-status", "INACTIVE")
arn = certificate["certificateArn"]
iot("attach-thing-principal", "--thing-name", "o-lamp", "--principal", arn)
no("ResourceNotFoundException", "attach-thing-principal", "--thing-name", "none", "--principal", arn)
assert iot("list-thing-principals", "--thing-name", "o-lamp")["principals"] == [arn]
no("ResourceNotFoundException", "list-thing-principals", "--thing-name", "none")
assert iot("list-principal-things", "--principal", arn)["things"] == ["o-lamp"]
no("InvalidRequestException", "list-principal-things", "--principal", "nobody")
if "list-thing-principals-v2" in NAMES["iot"]:
    iot("list-thing-principals-v2", "--thing-name", "o-lamp")
    no("ResourceNotFoundException", "list-thing-principals-v2", "--thing-name", "none")
    iot("list-principal-things-v2", "--principal", arn)
    no("InvalidRequestException", "list-principal-things-v2", "--principal", "nobody")
no("InvalidRequestException", "delete-thing", "--thing-name", "o-lamp")

# Policies
iot("create-policy", "--policy-name", "o-policy", "--policy-document", policy())
no("MalformedPolicyException", "create-policy", "--policy-name", "o-other", "--policy-document", "{}")
assert iot("get-policy", "--policy-name", "o-policy")["policyDocument"] == policy()
no("ResourceNotFoundException", "get-policy", "--policy-name", "none")
assert "o-policy" in names(iot("list-policies")["policies"], "policyName")
too_long_a_page("list-policies")
assert iot("create-policy-version", "--policy-name", "o-policy", "--policy-document", policy("Deny"))["policyVersionId"] == "2"
no("ResourceNotFoundException", "create-policy-version", "--policy-name", "none", "--policy-document", policy())
assert len(iot("list-policy-versions", "--policy-name", "o-policy")["policyVersions"]) == 2
no("ResourceNotFoundException", "list-policy-versions", "--policy-name", "none")
assert iot("get-policy-version", "--policy-name", "o-policy", "--policy-version-id", "2")["isDefaultVersion"] is False
no("ResourceNotFoundException", "get-policy-version", "--policy-name", "o-policy", "--policy-version-id", "9")
iot("set-default-policy-version", "--policy-name", "o-policy", "--policy-version-id", "1")
no("ResourceNotFoundException", "set-default-policy-version", "--policy-name", "o-policy", "--policy-version-id", "9")
no("DeleteConflictException", "delete-policy-version", "--policy-name", "o-policy", "--policy-version-id", "1")
iot("delete-policy-version", "--policy-name", "o-policy", "--policy-version-id", "2")
iot("attach-policy", "--policy-name", "o-policy", "--target", arn)
no("ResourceNotFoundException", "attach-policy", "--policy-name", "none", "--target", arn)
assert names(iot("list-attached-policies", "--target", arn)["policies"], "policyName") == ["o-policy"]
no("InvalidRequestException", "list-attached-policies", "--target", "nobody")
assert names(iot("get-effective-policies", "--principal", arn)["effectivePolicies"], "policyName") == ["o-policy"]
no("ResourceNotFoundException", "get-effective-policies", "--thing-name", "none")
assert iot("list-targets-for-policy", "--policy-name", "o-policy")["targets"] == [arn]
no("ResourceNotFoundException", "list-targets-for-policy", "--policy-name", "none")
assert iot("list-policy-principals", "--policy-name", "o-policy")["principals"] == [arn]
no("ResourceNotFoundException", "list-policy-principals", "--policy-name", "none")
assert names(iot("list-principal-policies", "--principal", arn)["policies"], "policyName") == ["o-policy"]
no("InvalidRequestException", "list-principal-policies", "--principal", "nobody")
no("DeleteConflictException", "delete-policy", "--policy-name", "o-policy")
allowed = iot("test-authorization", "--principal", arn, "--auth-infos", json.dumps([{"actionType": "PUBLISH", "resources": [PREFIX + "topic/a"]}]))
assert allowed["authResults"][0]["authDecision"] == "ALLOWED"
no("ResourceNotFoundException", "test-authorization", "--principal", f"{PREFIX}cert/{NOBODY}", "--auth-infos", json.dumps([{"actionType": "PUBLISH", "resources": [PREFIX + "topic/a"]}]))
iot("detach-policy", "--policy-name", "o-policy", "--target", arn)
no("ResourceNotFoundException", "detach-policy", "--policy-name", "none", "--target", arn)
iot("attach-principal-policy", "--policy-name", "o-policy", "--principal", arn)
no("ResourceNotFoundException", "attach-principal-policy", "--policy-name", "none", "--principal", arn)
iot("detach-principal-policy", "--policy-name", "o-policy", "--principal", arn)
no("ResourceNotFoundException", "detach-principal-policy", "--policy-name", "none", "--principal", arn)

# Endpoint and tags
assert iot("describe-endpoint", "--endpoint-type", "iot:Data-ATS")["endpointAddress"].startswith("127.0.0.1")
no("InvalidRequestException", "describe-endpoint", "--endpoint-type", "iot:None")
group = PREFIX + "thinggroup/o-house"
iot("tag-resource", "--resource-arn", group, "--tags", "Key=owner,Value=anna")
no("ResourceNotFoundException", "tag-resource", "--resource-arn", PREFIX + "thinggroup/none", "--tags", "Key=owner,Value=anna")
assert iot("list-tags-for-resource", "--resource-arn", group)["tags"] == [{"Key": "owner", "Value": "anna"}]
no("ResourceNotFoundException", "list-tags-for-resource", "--resource-arn", PREFIX + "thinggroup/none")
iot("untag-resource", "--resource-arn", group, "--tag-keys", "owner")
no("ResourceNotFoundException", "untag-resource", "--resource-arn", PREFIX + "thinggroup/none", "--tag-keys", "owner")

# Authorizers
iot("create-authorizer", "--authorizer-name", "o-gate", "--authorizer-function-arn", LAMBDA + "gate", "--signing-disabled", "--status", "ACTIVE")
no("InvalidRequestException", "create-authorizer", "--authorizer-name", "o-keyless", "--authorizer-function-arn", LAMBDA + "gate")
assert iot("describe-authorizer", "--authorizer-name", "o-gate")["authorizerDescription"]["status"] == "ACTIVE"
no("ResourceNotFoundException", "describe-authorizer", "--authorizer-name", "none")
assert "o-gate" in names(iot("list-authorizers")["authorizers"], "authorizerName")
too_long_a_page("list-authorizers")
no("ResourceNotFoundException", "describe-default-authorizer")
no("ResourceNotFoundException", "clear-default-authorizer")
no("ResourceNotFoundException", "set-default-authorizer", "--authorizer-name", "none")
iot("set-default-authorizer", "--authorizer-name", "o-gate")
assert iot("describe-default-authorizer")["authorizerDescription"]["authorizerName"] == "o-gate"
iot("clear-default-authorizer")
said = iot("test-invoke-authorizer", "--authorizer-name", "o-gate", "--mqtt-context", "username=me,clientId=c")
assert said["isAuthenticated"] and said["principalId"] == "gate", said
no("ResourceNotFoundException", "test-invoke-authorizer", "--authorizer-name", "none", "--mqtt-context", "username=me,clientId=c")
no("DeleteConflictException", "delete-authorizer", "--authorizer-name", "o-gate")
iot("update-authorizer", "--authorizer-name", "o-gate", "--status", "INACTIVE")
no("ResourceNotFoundException", "update-authorizer", "--authorizer-name", "none", "--status", "INACTIVE")
iot("delete-authorizer", "--authorizer-name", "o-gate")

# Provisioning
template = json.dumps({"Parameters": {"Name": {"Type": "String"}, "Certificate": {"Type": "String"}}, "Resources": {
    "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "Name"}}},
    "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateId": {"Ref": "Certificate"}, "Status": "INACTIVE"}}}})
registered = iot("register-thing", "--template-body", template, "--parameters", f"Name=o-made,Certificate={signed['certificateId']}")
assert registered["resourceArns"]["thing"] == PREFIX + "thing/o-made"
no("InvalidRequestException", "register-thing", "--template-body", template, "--parameters", "Name=o-made")
fleet = template.replace("Certificate\": {\"Type", "AWS::IoT::Certificate::Id\": {\"Type").replace("\"Ref\": \"Certificate\"", "\"Ref\": \"AWS::IoT::Certificate::Id\"")
iot("create-provisioning-template", "--template-name", "o-fleet", "--template-body", fleet, "--enabled", "--provisioning-role-arn", ROLE)
no("ResourceAlreadyExistsException", "create-provisioning-template", "--template-name", "o-fleet", "--template-body", fleet, "--provisioning-role-arn", ROLE)
assert iot("describe-provisioning-template", "--template-name", "o-fleet")["templateBody"] == fleet
no("ResourceNotFoundException", "describe-provisioning-template", "--template-name", "none")
assert "o-fleet" in names(iot("list-provisioning-templates")["templates"], "templateName")
too_long_a_page("list-provisioning-templates")
assert iot("create-provisioning-template-version", "--template-name", "o-fleet", "--template-body", fleet)["versionId"] == 2
no("InvalidRequestException", "create-provisioning-template-version", "--template-name", "o-fleet", "--template-body", "{}")
assert names(iot("list-provisioning-template-versions", "--template-name", "o-fleet")["versions"], "versionId") == [1, 2]
no("ResourceNotFoundException", "list-provisioning-template-versions", "--template-name", "none")
assert iot("describe-provisioning-template-version", "--template-name", "o-fleet", "--version-id", "2")["isDefaultVersion"] is False
no("ResourceNotFoundException", "describe-provisioning-template-version", "--template-name", "o-fleet", "--version-id", "9")
no("DeleteConflictException", "delete-provisioning-template-version", "--template-name", "o-fleet", "--version-id", "1")
iot("delete-provisioning-template-version", "--template-name", "o-fleet", "--version-id", "2")
assert len(iot("create-provisioning-claim", "--template-name", "o-fleet")["certificateId"]) == 64
no("ResourceNotFoundException", "create-provisioning-claim", "--template-name", "none")
iot("update-provisioning-template", "--template-name", "o-fleet", "--no-enabled")
no("ResourceNotFoundException", "update-provisioning-template", "--template-name", "none", "--no-enabled")
iot("delete-provisioning-template", "--template-name", "o-fleet")
no("ResourceNotFoundException", "delete-provisioning-template", "--template-name", "o-fleet")

# Rules
def rule(sql):
    return json.dumps({"sql": sql, "awsIotSqlVersion": "2016-03-23", "actions": [{"republish": {"roleArn": ROLE, "topic": "o/out"}}]})


iot("create-topic-rule", "--rule-name", "o_rule", "--topic-rule-payload", rule("SELECT * FROM 'o/in'"))
no("SqlParseException", "create-topic-rule", "--rule-name", "o_bad", "--topic-rule-payload", rule("SELEKT"))
assert iot("get-topic-rule", "--rule-name", "o_rule")["rule"]["sql"] == "SELECT * FROM 'o/in'"
no("UnauthorizedException", "get-topic-rule", "--rule-name", "none")
assert "o_rule" in names(iot("list-topic-rules")["rules"], "ruleName")
too_long_a_page("list-topic-rules")
iot("replace-topic-rule", "--rule-name", "o_rule", "--topic-rule-payload", rule("SELECT a FROM 'o/in'"))
no("UnauthorizedException", "replace-topic-rule", "--rule-name", "none", "--topic-rule-payload", rule("SELECT a FROM 'o/in'"))
iot("disable-topic-rule", "--rule-name", "o_rule")
no("UnauthorizedException", "disable-topic-rule", "--rule-name", "none")
iot("enable-topic-rule", "--rule-name", "o_rule")
no("UnauthorizedException", "enable-topic-rule", "--rule-name", "none")
iot("delete-topic-rule", "--rule-name", "o_rule")
no("AccessDeniedException", "delete-topic-rule", "--rule-name", "o_rule", who="viewer")

# Data plane
ok("iot-data", "publish", "--topic", "o/a b", "--qos", "1", "--retain", "--payload", blob("hello"))
refused("InvalidRequestException", "iot-data", "publish", "--topic", "o/#", "--payload", blob("hello"))
assert ok("iot-data", "get-retained-message", "--topic", "o/a b")["qos"] == 1
refused("ResourceNotFoundException", "iot-data", "get-retained-message", "--topic", "o/none")
assert "o/a b" in names(ok("iot-data", "list-retained-messages")["retainedTopics"], "topic")
too_long_a_page("list-retained-messages", service="iot-data")
ok("iot-data", "update-thing-shadow", "--thing-name", "o-lamp", "--shadow-name", "s", "--payload", blob('{"state":{"desired":{"a":1}}}'), path("updated"))
refused("ConflictException", "iot-data", "update-thing-shadow", "--thing-name", "o-lamp", "--shadow-name", "s", "--payload", blob('{"state":{"desired":{"a":2}},"version":9}'), path("conflict"))
ok("iot-data", "get-thing-shadow", "--thing-name", "o-lamp", "--shadow-name", "s", path("shadow"))
with open(path("shadow"), encoding="utf-8") as shadow:
    assert json.load(shadow)["state"]["desired"] == {"a": 1}
refused("ResourceNotFoundException", "iot-data", "get-thing-shadow", "--thing-name", "o-lamp", "--shadow-name", "none", path("none"))
assert ok("iot-data", "list-named-shadows-for-thing", "--thing-name", "o-lamp")["results"] == ["s"]
refused("InvalidRequestException", "iot-data", "list-named-shadows-for-thing", "--thing-name", "o-lamp", "--page-size", "1000")
ok("iot-data", "delete-thing-shadow", "--thing-name", "o-lamp", "--shadow-name", "s", path("deleted"))
refused("ResourceNotFoundException", "iot-data", "delete-thing-shadow", "--thing-name", "o-lamp", "--shadow-name", "s", path("deleted"))
if "delete-connection" in NAMES["iot-data"]:
    refused("ResourceNotFoundException", "iot-data", "delete-connection", "--client-id", "nobody")

# All of it away again, in the order AWS demands
iot("detach-thing-principal", "--thing-name", "o-lamp", "--principal", arn)
no("ResourceNotFoundException", "detach-thing-principal", "--thing-name", "none", "--principal", arn)
no("CertificateStateException", "delete-certificate", "--certificate-id", certificate["certificateId"])
iot("update-certificate", "--certificate-id", certificate["certificateId"], "--new-status", "INACTIVE")
iot("detach-thing-principal", "--thing-name", "o-made", "--principal", signed["certificateArn"])
for certificate_id in (certificate["certificateId"], signed["certificateId"], device, stray):
    iot("delete-certificate", "--certificate-id", certificate_id)
no("CertificateStateException", "delete-ca-certificate", "--certificate-id", ca)
iot("update-ca-certificate", "--certificate-id", ca, "--new-status", "INACTIVE")
iot("delete-ca-certificate", "--certificate-id", ca)
iot("delete-policy", "--policy-name", "o-policy")
no("InvalidRequestException", "delete-thing-type", "--thing-type-name", "o-type")
iot("deprecate-thing-type", "--thing-type-name", "o-type")
no("ResourceNotFoundException", "deprecate-thing-type", "--thing-type-name", "none")
iot("delete-thing", "--thing-name", "o-lamp")
iot("delete-thing", "--thing-name", "o-made")
iot("delete-thing-type", "--thing-type-name", "o-type")
iot("delete-thing-group", "--thing-group-name", "o-house")

wanted = set(json.loads(os.environ["OPERATIONS"]))
known = {name for service in NAMES.values() for name in service.values()}
print(json.dumps({"succeeded": sorted(succeeded), "refused": sorted(refusals), "absent": sorted(wanted - known)}))
sys.stdout.flush()
