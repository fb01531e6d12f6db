"""Commands of az and methods of azure-mgmt whose effect their verb does not tell. Data only.

Patterns over `service operation`, one a line; `*` stands for any text, and the longest that fits decides. Sources: the
references of the commands named; each entry prints credentials or settings that commonly hold them (connection strings,
application settings, environment variables), destroys behind a harmless verb, runs what the caller hands over, or works
on this machine.
"""

from __future__ import annotations

from collections.abc import Mapping

from escher.contract.vocabulary import Effect

_PATTERNS: Mapping[Effect, str] = {
    "secret": """
        account get-access-token
        acr credential *
        acr login
        acr token create
        acr token credential generate
        ad app credential reset
        ad sp create-for-rbac
        ad sp credential reset
        aks get-credentials
        aks update-credentials
        ams asset get-encryption-key
        ams asset get-sas-urls
        ams streaming-locator list-content-keys
        ams account sp *
        apim nv show-secret
        appconfig credential *
        appconfig kv list
        appconfig kv show
        appconfig kv export
        aro get-admin-kubeconfig
        aro list-credentials
        batch account keys *
        container show
        container list
        containerapp secret list
        containerapp secret show
        containerapp show
        containerapp list
        containerapp auth *
        cosmosdb keys *
        cosmosdb list-connection-strings
        cosmosdb list-keys
        cosmosdb list-read-only-keys
        cosmosdb regenerate-key
        disk grant-access
        snapshot grant-access
        functionapp config appsettings *
        functionapp config container *
        functionapp cors credentials
        functionapp deployment list-publishing-*
        functionapp deployment user *
        functionapp deployment container show-cd-url
        functionapp function keys *
        functionapp keys *
        keyvault secret show
        keyvault secret show-deleted
        keyvault secret download
        keyvault secret backup
        keyvault key decrypt
        keyvault key encrypt
        keyvault key sign
        keyvault key random
        keyvault key backup
        keyvault key download
        keyvault certificate download
        keyvault certificate backup
        logicapp config appsettings *
        monitor log-analytics workspace get-shared-keys
        netappfiles cache list-peering-passphrase
        netappfiles volume bucket generate-akv-credential
        netappfiles volume bucket generate-credential
        network vnet-gateway vpn-client generate
        network vnet-gateway vpn-client show-url
        network vpn-connection shared-key *
        network vpn-connection show-device-config-script
        network application-gateway auth-cert show
        redis regenerate-keys
        search admin-key *
        search query-key *
        sql db show-connection-string
        sql vm show
        sshkey create
        staticwebapp appsettings *
        staticwebapp secrets *
        storage account show-connection-string
        storage account keys *
        storage account local-user *password*
        synapse integration-runtime get-connection-info
        synapse integration-runtime list-auth-key
        synapse integration-runtime regenerate-auth-key
        vm extension show
        vm boot-diagnostics get-boot-log
        vm boot-diagnostics get-boot-log-uris
        network virtual-appliance get-boot-diagnostic-log
        vm secret format
        webapp config appsettings *
        webapp config connection-string *
        webapp config container *
        webapp config storage-account list
        webapp deployment list-publishing-*
        webapp deployment user *
        webapp deployment container show-cd-url
        webapp log download
        *credential* list
        *credential* show
        *generate-sas
        *keys list
        *keys renew
        *key list
        *key renew
        *key regenerate
        *keys regenerate
        *list-keys
        *regenerate-key*
        *renew-key*
        *renew-credentials
        *reset-credentials
        *show-connection-string
        *connection-string list
        *list-connection-string*
        *get-access-token
        *get-credentials
        *list-credentials
        *generate-credential*
        *authorization-rule keys *
        *generate-configuration
        *list-configuration
        web web_apps.list_*_settings*
        web web_apps.list_application_settings*
        web web_apps.list_connection_strings*
        web web_apps.list_function_secrets*
        web web_apps.list_host_keys*
        web web_apps.list_backups
        web web_apps.*publishing*
        web static_sites.*secrets*
        compute *.begin_grant_access
        compute virtual_machines.retrieve_boot_diagnostics_data
        network *.*shared_key*
        network *.*generatevpnclientpackage*
    """,
    "destroy": """
        *delete-batch
        *delete-instances
        *delete-machines
        *reimage
        *failback
        *revoke-*
        *set-tier
        acr repository untag
        cosmosdb offline-region
        redis flush
        security alerts-suppression-rule delete_scope
        sql db ltr-backup remove-*
        vm capture
        vm generalize
        vm simulate-eviction
        vmss simulate-eviction
        *.begin_revoke_access*
    """,
    "write": """
        *network-rule remove
        *identity remove
        iot hub identity remove
        tag remove-value
        vm disk detach
        webapp restart
        *private-endpoint-connection reject
    """,
    "read": """
        *acr check-health
        deployment * what-if
        deployment * validate
        stack * validate
        vm get-instance-view
        webapp config show
        webapp config snapshot list
        keyvault secret list
        keyvault secret list-deleted
        keyvault secret list-versions
        keyvault key list
        keyvault key list-versions
        sshkey list
        sshkey show
        batch account outbound-endpoints
        aks check-acr
        network nic list-effective-nsg
        *connection list-support-types
        *.check_*
        *.instance_view
        *.list_skus
        keyvault vaults.*get*
        keyvault keys.get*
        keyvault keys.list*
        keyvault secrets.get
        keyvault secrets.list
        keyvault vaults.list*
    """,
    "unknown": """
        acr build
        acr helm *
        acr import
        acr run
        acr pack *
        acr task run
        ad signed-in-user *
        aks browse
        aks command *
        aks install-*
        aks use-dev-spaces
        aks remove-dev-spaces
        appservice plan managed-instance instance connect
        batch job create
        batch task create
        bicep *
        cache *
        cloud *
        config *
        configure
        connection create *
        container attach
        container exec
        container logs
        containerapp exec
        containerapp up
        containerapp compose *
        containerapp github-action *
        deployment * create
        deployment-scripts *
        stack * create
        extension *
        feedback
        find
        functionapp deploy
        functionapp deployment source *
        hdinsight script-action execute
        interactive
        lab vm apply-artifacts
        login
        logout
        account clear
        account set
        logicapp deployment *
        managed-cassandra cluster invoke-command
        mysql flexible-server deploy *
        postgres flexible-server deploy *
        resource invoke-action
        rest
        self-test
        sql db import
        sf application *
        storage copy
        storage remove
        storage blob sync
        storage*download*
        storage*upload*
        survey
        synapse notebook *
        synapse spark *
        synapse sql-script *
        upgrade
        version
        vm run-command *
        vmss run-command *
        vm extension set
        vmss extension set
        vm install-patches
        webapp deploy
        webapp deployment source *
        webapp create-remote-connection
        webapp ssh
        webapp up
        webapp log tail
        compute virtual_machines.begin_run_command
        compute *run_commands.begin_create_or_update
        compute *run_commands.begin_update
        compute *extensions.begin_create_or_update
        compute *extensions.begin_update
        web web_apps.*create_deployment*
        web web_apps.begin_create_*deploy*
        web web_apps.run_triggered_web_job*
        containerservice managed_clusters.begin_run_command
    """,
}
EFFECTS: Mapping[Effect, tuple[str, ...]] = {
    effect: tuple(line.strip() for line in text.strip().splitlines()) for effect, text in _PATTERNS.items()
}
